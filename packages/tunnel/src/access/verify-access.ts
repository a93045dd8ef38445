import { clockToleranceSeconds } from "@opta/reach/pass/clock-tolerance";
import { createRemoteJWKSet, errors, jwtVerify } from "jose";
import type { AccessSettings } from "../cloudflared/tunnel-settings.ts";

/** Header in which Cloudflare Access says who it let through. */
export const accessHeader = "cf-access-jwt-assertion";

/** Checks the values of that header of one request: null when they are good, else why not, for the own log. Never rejects. */
export type AccessVerifier = (values: readonly string[] | undefined) => Promise<string | null>;

const mostTokenChars = 16_384;
const keysTimeoutMs = 5000;
/** Keys are asked for anew after an hour, and for an unknown key id at most every half minute. */
const keysAgeMs = 3_600_000;
const cooldownMs = 30_000;

function reasonOf(error: unknown): string {
	if (error instanceof errors.JWTClaimValidationFailed) {
		return `claim ${error.claim}`;
	}
	return error instanceof errors.JOSEError ? error.code : "its keys cannot be fetched";
}

/**
 * Makes the check of Cloudflare Access's tokens, which never rejects: RS256 by a key of the team, for this application, now. It stands beside
 * the pass and never in its place.
 */
export function createAccessVerifier({ audience, teamOrigin }: AccessSettings): AccessVerifier {
	const keys = createRemoteJWKSet(new URL("/cdn-cgi/access/certs", teamOrigin), {
		cacheMaxAge: keysAgeMs,
		cooldownDuration: cooldownMs,
		timeoutDuration: keysTimeoutMs,
	});
	const rules = {
		algorithms: ["RS256"],
		audience,
		issuer: teamOrigin,
		clockTolerance: clockToleranceSeconds,
		requiredClaims: ["exp", "iat"],
	};
	return async (values) => {
		const [token, ...more] = values ?? [];
		if (token === undefined || more.length > 0 || token.length > mostTokenChars) {
			return token === undefined ? "no token of Access" : "not one token of Access";
		}
		try {
			await jwtVerify(token, keys, rules);
			return null;
		} catch (error) {
			return `token of Access: ${reasonOf(error)}`;
		}
	};
}
