import { AuthUnavailableError } from "@opta/auth/access-token";
import { readSessionWith, type SignedInSession } from "@opta/auth/session";
import type { AccountsContext } from "../accounts-context.ts";
import { dropSessionCookies } from "./session-cookie-writer.ts";
import { refreshTokenOf } from "./session-refresher.ts";

/** Who a request comes from, after a refresh where one was due, with the `Set-Cookie` lines for the response. */
export type LiveSession =
	| { readonly state: "signedIn"; readonly session: SignedInSession; readonly setCookies: readonly string[] }
	| { readonly state: "signedOut"; readonly setCookies: readonly string[] }
	| { readonly state: "duplicateCookie" }
	| { readonly state: "unavailable" };

/** Refreshed with this much left: well before the other sites, which cannot refresh, call the token expired. */
const refreshBelowMs = 60_000;

async function refreshed(context: AccountsContext, refreshToken: string, cookieHeader: string | null): Promise<LiveSession> {
	const outcome = await context.refresher.refresh(refreshToken, cookieHeader);
	if (outcome.state === "unreachable") {
		return { state: "unavailable" };
	}
	if (outcome.state === "rejected") {
		return { state: "signedOut", setCookies: dropSessionCookies(context.configuration.addressing, cookieHeader) };
	}
	const verdict = await context.verify(outcome.accessToken);
	if (verdict.state !== "valid") {
		return { state: "unavailable" };
	}
	const { userId, email, expiresAtMs } = verdict.claims;
	const user = { id: userId, email };
	const session: SignedInSession = { state: "signedIn", user, accessToken: outcome.accessToken, expiresAtMs };
	return { state: "signedIn", session, setCookies: outcome.setCookies };
}

async function judge(context: AccountsContext, cookieHeader: string | null): Promise<LiveSession> {
	const known = await readSessionWith(context.verify, cookieHeader);
	if (known.state === "duplicateCookie") {
		return known;
	}
	const refreshToken = refreshTokenOf(cookieHeader);
	if (known.state === "signedOut") {
		const dropped = refreshToken === null ? [] : dropSessionCookies(context.configuration.addressing, cookieHeader);
		return { state: "signedOut", setCookies: dropped };
	}
	const unchanged: LiveSession | null = known.state === "signedIn" ? { state: "signedIn", session: known, setCookies: [] } : null;
	const isFresh = known.state === "signedIn" && known.expiresAtMs - Date.now() >= refreshBelowMs;
	if (isFresh || refreshToken === null) {
		return unchanged ?? { state: "signedOut", setCookies: [] };
	}
	const renewed = await refreshed(context, refreshToken, cookieHeader);
	return renewed.state === "unavailable" ? (unchanged ?? renewed) : renewed;
}

/** Reads a request's session and refreshes it when it has ended or is about to. Only accounts does this. */
export async function liveSession(context: AccountsContext, cookieHeader: string | null): Promise<LiveSession> {
	try {
		return await judge(context, cookieHeader);
	} catch (error) {
		if (error instanceof AuthUnavailableError) {
			return { state: "unavailable" };
		}
		throw error;
	}
}
