import type { AccountsContext } from "../accounts-context.ts";
import { clientNetwork } from "../limits/client-address.ts";
import { clientName } from "./client-name.ts";

/** How a session was opened. */
export type SignInWay = "password" | "link" | "google" | "apple" | "github" | "passkey";

/**
 * Writes down where and with what a session was opened (or, without a way, was used again), for its person's list of
 * sessions. A note that cannot be written keeps nobody out: the session is then not in the list, and ends with "all others".
 */
export async function noteSession(context: AccountsContext, accessToken: string, headers: Headers, way: SignInWay | null): Promise<void> {
	const place = clientNetwork(headers, context.clientAddressHeader);
	await context.portal.call("note_session", { place, client: clientName(headers.get("user-agent")), way }, accessToken);
}
