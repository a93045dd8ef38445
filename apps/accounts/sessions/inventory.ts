import { createDataClientFor, type DataSource } from "@opta/auth/data-client";
import type { SignedInSession } from "@opta/auth/session";
import { deviceKinds } from "@opta/contracts/schema/device-sign-in";
import { z } from "zod";
import { databaseTime } from "../account/database-time.ts";
import { type Read, readFailure } from "../account/read.ts";

const sessionRow = z.object({
	id: z.uuid(),
	created_at: z.string(),
	last_seen_at: z.string(),
	place: z.string().nullable(),
	client: z.string().nullable(),
	way: z.string(),
	is_current: z.boolean(),
});
const deviceRow = z.object({
	id: z.uuid(),
	name: z.string(),
	kind: z.enum(deviceKinds),
	place: z.string().nullable(),
	client: z.string().nullable(),
	created_at: z.string(),
	last_seen_at: z.string(),
	expires_at: z.string(),
});

/** A browser that is signed in. */
export interface BrowserSession {
	readonly id: string;
	readonly openedAt: Date;
	readonly lastSeenAt: Date;
	readonly place: string | null;
	readonly client: string | null;
	readonly way: string;
	readonly isCurrent: boolean;
}

/** A terminal, daemon, app or host that is signed in. */
export interface SignedInDevice {
	readonly id: string;
	readonly name: string;
	readonly kind: z.infer<typeof deviceRow>["kind"];
	readonly place: string | null;
	readonly client: string | null;
	readonly addedAt: Date;
	readonly lastSeenAt: Date;
	readonly expiresAt: Date;
}

/** Everything that can act as a person now. */
export interface Inventory {
	readonly sessions: readonly BrowserSession[];
	readonly devices: readonly SignedInDevice[];
}

/** Reads what is signed in as a person, the newest use first. */
export async function readInventory(source: DataSource, { accessToken }: Pick<SignedInSession, "accessToken">): Promise<Read<Inventory>> {
	const data = createDataClientFor(source, accessToken);
	const columns = "id,name,kind,place,client,created_at,last_seen_at,expires_at";
	const [sessions, devices] = await Promise.all([
		data.rpc("list_sessions"),
		data.from("devices").select(columns).is("revoked_at", null).order("last_seen_at", { ascending: false }),
	]);
	const failed = readFailure(sessions) ?? readFailure(devices);
	if (failed !== null) {
		return failed;
	}
	return {
		state: "ok",
		value: {
			sessions: z
				.array(sessionRow)
				.parse(sessions.data)
				.map(({ id, place, client, way, ...row }) => ({
					...{ id, place, client, way, isCurrent: row.is_current },
					...{ openedAt: databaseTime(row.created_at), lastSeenAt: databaseTime(row.last_seen_at) },
				})),
			devices: z
				.array(deviceRow)
				.parse(devices.data)
				.filter((row) => databaseTime(row.expires_at) > new Date())
				.map(({ id, name, kind, place, client, ...row }) => ({
					...{ id, name, kind, place, client },
					...{ addedAt: databaseTime(row.created_at), lastSeenAt: databaseTime(row.last_seen_at), expiresAt: databaseTime(row.expires_at) },
				})),
		},
	};
}
