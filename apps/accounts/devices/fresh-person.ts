import type { SignedInSession } from "@opta/auth/session";
import type { AccountsContext } from "../accounts-context.ts";
import { openAuthClient } from "../session/auth-client.ts";
import { liveSession } from "../session/live-session.ts";

/** Somebody whose session the back end itself has just confirmed. */
export type FreshPerson =
	| { readonly state: "signedIn"; readonly session: SignedInSession; readonly setCookies: readonly string[] }
	| { readonly state: "signedOut" | "unavailable" };

/**
 * Asks the back end whether a session is still open. A token that was signed out stays valid until it expires, so whatever
 * must not be done with a stolen one (approving devices, changing a password) asks here first.
 */
export async function freshPerson(context: AccountsContext, cookieHeader: string | null): Promise<FreshPerson> {
	const live = await liveSession(context, cookieHeader);
	if (live.state !== "signedIn") {
		return { state: live.state === "unavailable" ? "unavailable" : "signedOut" };
	}
	const client = openAuthClient(context.configuration);
	const { data, error } = await client.auth.getUser(live.session.accessToken);
	if (client.unreachable()) {
		return { state: "unavailable" };
	}
	return error === null && data.user?.id === live.session.user.id ? live : { state: "signedOut" };
}
