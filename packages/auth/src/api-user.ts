import { errorBody } from "@opta/contracts/error-body";
import { type ErrorCode, errorStatus } from "@opta/contracts/error-codes";
import { AuthUnavailableError } from "./access-token.ts";
import type { Session, SignedInSession } from "./session.ts";

/** The signed-in person behind an API request, or the response that refuses it. */
export type ApiUser = { readonly ok: true; readonly session: SignedInSession } | { readonly ok: false; readonly response: Response };

function refuse(code: ErrorCode, message: string): ApiUser {
	const response = Response.json(errorBody(code, message), {
		status: errorStatus[code],
		headers: { "cache-control": "private, no-store" },
	});
	return { ok: false, response };
}

/** Turns what is known of a session into an API's answer: 401 `session_expired` is the sign to refresh at accounts and try again. */
export async function apiUserFrom(session: Promise<Session>): Promise<ApiUser> {
	try {
		const known = await session;
		switch (known.state) {
			case "signedIn":
				return { ok: true, session: known };
			case "expired":
				return refuse("session_expired", "The session has to be refreshed; ask accounts for it and try again.");
			case "signedOut":
				return refuse("unauthenticated", "Nobody is signed in; sign in at accounts.");
			case "duplicateCookie":
				return refuse("invalid_request", "The request carries two session cookies; remove this site's cookies and sign in again.");
		}
	} catch (error) {
		if (error instanceof AuthUnavailableError) {
			return refuse("unavailable", "The account service cannot be reached; try again in a moment.");
		}
		throw error;
	}
}
