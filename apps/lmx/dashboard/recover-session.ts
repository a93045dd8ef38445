import type { SessionResponse } from "@opta/contracts/schema/session";

/** Asks accounts for the session, which refreshes an expired one. */
export async function recoverSession(sessionUrl: string): Promise<boolean> {
	const response = await fetch(sessionUrl, { credentials: "include", cache: "no-store" });
	const session: SessionResponse = response.ok ? await response.json() : { signedIn: false };
	return session.signedIn;
}
