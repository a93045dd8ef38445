import { type AccessTokenVerifier, createAccessTokenVerifier } from "./access-token.ts";
import { authConfiguration } from "./env.ts";
import { readSessionCookie } from "./session-cookie.ts";

/** A signed-in person, from a verified access token. The token stays on the server. */
export interface SignedInSession {
	readonly state: "signedIn";
	readonly user: { readonly id: string; readonly email: string };
	readonly accessToken: string;
	readonly expiresAtMs: number;
}

/** Who a request comes from. `expired` can be refreshed, by accounts only. */
export type Session =
	| SignedInSession
	| { readonly state: "expired" }
	| { readonly state: "signedOut" }
	| { readonly state: "duplicateCookie" };

/** A token that ends sooner counts as expired, so that what is done with it still has time. */
const leastRemainingMs = 5_000;

/**
 * Judges the session cookie of a request with a given verifier; nothing is refreshed.
 * @throws {AuthUnavailableError} when the back end's public keys cannot be fetched.
 */
export async function readSessionWith(verify: AccessTokenVerifier, cookieHeader: string | null | undefined): Promise<Session> {
	const cookie = readSessionCookie(cookieHeader);
	if (cookie.state === "duplicate") {
		return { state: "duplicateCookie" };
	}
	if (cookie.state === "absent") {
		return { state: "signedOut" };
	}
	const verdict = await verify(cookie.accessToken);
	if (verdict.state === "invalid") {
		return { state: "signedOut" };
	}
	if (verdict.state === "expired" || verdict.claims.expiresAtMs - Date.now() < leastRemainingMs) {
		return { state: cookie.refreshToken === null ? "signedOut" : "expired" };
	}
	const { userId, email, expiresAtMs } = verdict.claims;
	return { state: "signedIn", user: { id: userId, email }, accessToken: cookie.accessToken, expiresAtMs };
}

let verifier: AccessTokenVerifier | undefined;

/**
 * Judges the session cookie of a request: the access token is verified here, the rest of the cookie is not believed,
 * and nothing is refreshed.
 * @param cookieHeader the raw `Cookie` header
 * @throws {AuthUnavailableError} when the back end's public keys cannot be fetched.
 */
export function readSession(cookieHeader: string | null | undefined): Promise<Session> {
	verifier ??= createAccessTokenVerifier(authConfiguration());
	return readSessionWith(verifier, cookieHeader);
}
