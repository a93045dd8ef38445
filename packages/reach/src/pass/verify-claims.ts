import { passAlgorithm } from "@opta/contracts/pass";
import type { PassClaims } from "@opta/contracts/schema/pass";
import { errors, jwtVerify } from "jose";
import type { z } from "zod";
import { clockToleranceSeconds } from "./clock-tolerance.ts";
import type { PinnedKeys } from "./pinned-keys.ts";
import type { RevokedPasses } from "./revoked-passes.ts";

/** What was checked. `reason` is for the own log, never for who sent it. */
export type ClaimsResult<Claims> = { readonly ok: true; readonly claims: Claims } | { readonly ok: false; readonly reason: string };

/** What a host or device trusts and what it was told. */
export interface PassVerifierOptions {
	/** Public origin of accounts. */
	readonly issuer: string;
	/** `hostAudience` or `deviceAudience` of who verifies. */
	readonly audience: string;
	readonly keys: PinnedKeys;
	readonly revoked: RevokedPasses;
}

/** One kind of what accounts signs for hosts and devices. */
export interface ClaimsKind<Claims> {
	/** `typ`, so that one kind is never taken for another (RFC 8725 §3.11). */
	readonly typ: string;
	readonly lifetimeSeconds: number;
	readonly schema: z.ZodType<Claims>;
}

function refusalReason(error: unknown): string {
	if (error instanceof errors.JWTClaimValidationFailed) {
		return `claim ${error.claim}`;
	}
	return error instanceof errors.JOSEError ? error.code : "unreadable";
}

/**
 * Makes the check of one kind: signed ES256 (RFC 7518 §3.4) by one of the pinned keys, as that kind, for this audience,
 * by its accounts, now, for no longer than the kind lives, and not revoked. Keys that the token itself brings or points
 * to (`jwk`, `jku`) are not looked at; for a key id that is not pinned accounts is asked, at most once a minute. The
 * check never rejects.
 */
export function createClaimsVerifier<Claims extends PassClaims>(
	{ typ, lifetimeSeconds, schema }: ClaimsKind<Claims>,
	{ issuer, audience, keys, revoked }: PassVerifierOptions,
): (token: string) => Promise<ClaimsResult<Claims>> {
	const rules = {
		algorithms: [passAlgorithm],
		typ,
		issuer,
		audience,
		clockTolerance: clockToleranceSeconds,
		maxTokenAge: lifetimeSeconds,
		requiredClaims: ["sub", "role", "jti", "iat", "exp"],
	};
	async function check(token: string): Promise<ClaimsResult<Claims>> {
		const { payload, protectedHeader } = await jwtVerify(token, keys.find, rules);
		const claims = schema.safeParse(payload);
		if (!claims.success) {
			return { ok: false, reason: `claim ${claims.error.issues[0]?.path.join(".")}` };
		}
		const lifeSeconds = claims.data.exp - claims.data.iat;
		if (lifeSeconds <= 0 || lifeSeconds > lifetimeSeconds) {
			return { ok: false, reason: `life of ${lifeSeconds} s` };
		}
		if (protectedHeader.kid === undefined) {
			return { ok: false, reason: "no kid" };
		}
		return revoked.isRevoked(claims.data) ? { ok: false, reason: "revoked" } : { ok: true, claims: claims.data };
	}
	return async (token) => {
		try {
			return await check(token);
		} catch (error) {
			if (!(error instanceof errors.JWKSNoMatchingKey) || !(await keys.refresh())) {
				return { ok: false, reason: refusalReason(error) };
			}
		}
		return check(token).catch((error: unknown) => ({ ok: false, reason: refusalReason(error) }));
	};
}
