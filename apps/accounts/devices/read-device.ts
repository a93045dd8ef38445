import { hostRoles } from "@opta/contracts/roles";
import { z } from "zod";
import type { AccountsContext } from "../accounts-context.ts";

const rowSchema = z.object({
	user_id: z.uuid(),
	email: z.string(),
	display_name: z.string(),
	name: z.string(),
	role: z.enum(hostRoles).nullable(),
});

/** A device that may act for its person now. */
export interface LiveDevice {
	readonly deviceId: string;
	readonly deviceName: string;
	readonly keyThumbprint: string;
	readonly user: { readonly id: string; readonly email: string; readonly name: string };
	/** The person's role at the host that was asked about. */
	readonly role: z.infer<typeof rowSchema>["role"];
}

/** The device behind a bearer token; `none`: the token is no device's, `ended`: the device was revoked. */
export type DeviceVerdict = { readonly state: "live"; readonly device: LiveDevice } | { readonly state: "none" | "ended" | "unavailable" };

const bearer = /^(?:Bearer|DPoP) ([\w-]+\.[\w-]+\.[\w-]+)$/i;

/** The token of an `Authorization` header. */
export function bearerToken(headers: Headers): string | undefined {
	return bearer.exec(headers.get("authorization") ?? "")?.[1];
}

type Row = z.infer<typeof rowSchema>;

/** The row of a device that was neither ended nor is over, with its person's role at a host. */
async function findLive(context: AccountsContext, deviceId: string, hostId: string | null): Promise<Row | "none" | "unavailable"> {
	const answer = await context.portal.call("read_device", { of_device: deviceId, at_host: hostId });
	return answer.state === "ok" ? (z.array(rowSchema).parse(answer.data)[0] ?? "none") : "unavailable";
}

/** Finds out whose device sends a token. The database is asked every time, so that a revoked device is out at once. */
export async function readDevice(context: AccountsContext, token: string, hostId: string | null = null): Promise<DeviceVerdict> {
	const claims = await context.deviceTokens.verify(token);
	if (claims === null) {
		return { state: "none" };
	}
	const row = await findLive(context, claims.deviceId, hostId);
	if (row === "unavailable") {
		return { state: "unavailable" };
	}
	if (row === "none" || row.user_id !== claims.userId) {
		return { state: "ended" };
	}
	const device: LiveDevice = {
		deviceId: claims.deviceId,
		deviceName: row.name,
		keyThumbprint: claims.keyThumbprint,
		user: { id: row.user_id, email: row.email, name: row.display_name },
		role: row.role,
	};
	return { state: "live", device };
}

/** True when a device is signed in as this person now. */
export async function isDeviceOf(context: AccountsContext, userId: string, deviceId: string): Promise<boolean | "unavailable"> {
	const row = await findLive(context, deviceId, null);
	return row === "unavailable" ? row : row !== "none" && row.user_id === userId;
}
