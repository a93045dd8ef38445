import type { AuthConfiguration } from "@opta/auth/auth-configuration";
import { readSessionCookie } from "@opta/auth/session-cookie";
import { openSessionAuthClient } from "./auth-client.ts";

/** What became of a session that was to be refreshed. */
export type RefreshOutcome =
	| { readonly state: "refreshed"; readonly accessToken: string; readonly refreshToken: string; readonly setCookies: readonly string[] }
	| { readonly state: "rejected" }
	| { readonly state: "unreachable" };

/** Refreshes sessions, one at a time each. */
export interface SessionRefresher {
	refresh(refreshToken: string, cookieHeader: string | null): Promise<RefreshOutcome>;
	/** Ends the memory of a session, so that a request that is late cannot bring it back after the sign-out. */
	forget(refreshToken: string): void;
}

/** Long enough for requests that were sent together, with the old token, to arrive. */
const memoryMs = 10_000;
const mostRemembered = 1_000;

/** Rotates a session's tokens at the back end. */
export async function refreshAtBackEnd(
	configuration: AuthConfiguration,
	refreshToken: string,
	cookieHeader: string | null,
): Promise<RefreshOutcome> {
	const client = openSessionAuthClient(configuration, cookieHeader);
	const { data, error } = await client.auth.refreshSession({ refresh_token: refreshToken });
	if (client.unreachable() || error?.status === 429) {
		return { state: "unreachable" };
	}
	if (error !== null || data.session === null) {
		return { state: "rejected" };
	}
	const { access_token: accessToken, refresh_token: rotated } = data.session;
	return { state: "refreshed", accessToken, refreshToken: rotated, setCookies: client.setCookies() };
}

interface Entry {
	readonly outcome: Promise<RefreshOutcome>;
	rotated: string | null;
	/** Infinite while the back end is being asked. */
	endsAtMs: number;
}

/**
 * Makes the one refresher of this process. Tokens rotate, and a back end that sees an old one again may end the whole
 * session; so requests that bring the same token share one rotation and, for ten seconds, its outcome.
 */
export function createSessionRefresher(
	configuration: AuthConfiguration,
	rotate: typeof refreshAtBackEnd = refreshAtBackEnd,
	now: () => number = Date.now,
): SessionRefresher {
	const entries = new Map<string, Entry>();

	function clean(): void {
		for (const [token, entry] of entries) {
			if (entry.endsAtMs > now() && entries.size < mostRemembered) {
				return;
			}
			entries.delete(token);
		}
	}

	function start(refreshToken: string, cookieHeader: string | null): Promise<RefreshOutcome> {
		const outcome = rotate(configuration, refreshToken, cookieHeader);
		const entry: Entry = { outcome, rotated: null, endsAtMs: Number.POSITIVE_INFINITY };
		entries.set(refreshToken, entry);
		const settle = (result: RefreshOutcome | null) => {
			if (result?.state === "refreshed") {
				entry.rotated = result.refreshToken;
				entry.endsAtMs = now() + memoryMs;
			} else if (entries.get(refreshToken) === entry) {
				entries.delete(refreshToken);
			}
		};
		outcome.then(settle, () => settle(null));
		return outcome;
	}

	return {
		refresh(refreshToken, cookieHeader) {
			const known = entries.get(refreshToken);
			if (known !== undefined && known.endsAtMs > now()) {
				return known.outcome;
			}
			entries.delete(refreshToken);
			clean();
			return start(refreshToken, cookieHeader);
		},
		forget(refreshToken) {
			for (const [token, entry] of entries) {
				if (token === refreshToken || entry.rotated === refreshToken) {
					entries.delete(token);
				}
			}
		},
	};
}

/** The refresh token of a request's session cookie; null when it has none. */
export function refreshTokenOf(cookieHeader: string | null): string | null {
	const cookie = readSessionCookie(cookieHeader);
	return cookie.state === "present" ? cookie.refreshToken : null;
}
