import type { SignedInSession } from "@opta/auth/session";
import { z } from "zod";
import type { AccountsContext } from "../accounts-context.ts";
import { clientNetwork } from "../limits/client-address.ts";
import { takeAttempt } from "../limits/take-attempt.ts";
import { hashOf } from "./issue-device-token.ts";

const rowsSchema = z.array(
	z.object({ device_name: z.string(), device_kind: z.string(), place: z.string().nullable(), client: z.string().nullable() }),
);

/** A device that waits for an answer. */
export interface PendingDevice {
	readonly name: string;
	readonly kind: string;
	readonly place: string | null;
	readonly client: string | null;
}

/** Looks up a typed code. Every look and every answer counts: five codes in ten minutes (RFC 8628 §5.1). */
export async function findDeviceRequest(
	context: AccountsContext,
	session: SignedInSession,
	code: string,
	headers: Headers,
): Promise<{ readonly device: PendingDevice } | { readonly error: "code_unknown" | "too_many" | "unavailable" }> {
	const attempt = await takeAttempt(context.portal, "userCode", session.user.id, clientNetwork(headers, context.clientAddressHeader));
	if (attempt.state !== "allowed") {
		return { error: attempt.state === "wait" ? "too_many" : "unavailable" };
	}
	const answer = await context.portal.call("find_device_request", { user_code_hash: hashOf(code) }, session.accessToken);
	if (answer.state !== "ok") {
		return { error: "unavailable" };
	}
	const [row] = rowsSchema.parse(answer.data);
	return row === undefined
		? { error: "code_unknown" }
		: { device: { name: row.device_name, kind: row.device_kind, place: row.place, client: row.client } };
}
