import { passAlgorithm, passLifetimeSeconds, passType } from "@opta/contracts/pass";
import { type PassClaims, passClaimsSchema } from "@opta/contracts/schema/pass";
import { errors, jwtVerify } from "jose";
import type { PinnedKeys } from "./pinned-keys.ts";
import type { RevokedPasses } from "./revoked-passes.ts";

/** A pass that was checked. `reason` is for the own log, never for who sent the pass. */
export type PassResult = { readonly ok: true; readonly claims: PassClaims } | { readonly ok: false; readonly reason: string };

/** Checks the text of a pass. Never rejects. */
export type PassVerifier = (pass: string) => Promise<PassResult>;

/** Difference of the clocks of accounts and host that is forgiven. */
const clockToleranceSeconds = 5;

function refusalReason(error: unknown): string {
	if (error instanceof errors.JWTClaimValidationFailed) {
		return `claim ${error.claim}`;
	}
	return error instanceof errors.JOSEError ? error.code : "unreadable";
}

/** What a host or device trusts and what it was told. */
export interface PassVerifierOptions {
	/** Public origin of accounts. */
	readonly issuer: string;
	/** `hostAudience` or `deviceAudience` of who verifies. */
	readonly audience: string;
	readonly keys: PinnedKeys;
	readonly revoked: RevokedPasses;
}

/**
 * Makes the verifier of a host or device: signed ES256 (RFC 7518 §3.4) by one of the pinned keys, as a pass, for this audience, by its
 * accounts, now, for no longer than passes live, and not revoked. Keys that the pass itself brings or points to (`jwk`,
 * `jku`) are not looked at; for a key id that is not pinned accounts is asked, at most once a minute.
 */
export function createPassVerifier({ issuer, audience, keys, revoked }: PassVerifierOptions): PassVerifier {
	const rules = {
		algorithms: [passAlgorithm],
		typ: passType,
		issuer,
		audience,
		clockTolerance: clockToleranceSeconds,
		maxTokenAge: passLifetimeSeconds,
		requiredClaims: ["sub", "role", "jti", "iat", "exp"],
	};
	async function check(pass: string): Promise<PassResult> {
		const { payload, protectedHeader } = await jwtVerify(pass, keys.find, rules);
		const claims = passClaimsSchema.safeParse(payload);
		if (!claims.success) {
			return { ok: false, reason: `claim ${claims.error.issues[0]?.path.join(".")}` };
		}
		const lifeSeconds = claims.data.exp - claims.data.iat;
		if (lifeSeconds <= 0 || lifeSeconds > passLifetimeSeconds) {
			return { ok: false, reason: `life of ${lifeSeconds} s` };
		}
		if (protectedHeader.kid === undefined) {
			return { ok: false, reason: "no kid" };
		}
		return revoked.isRevoked(claims.data) ? { ok: false, reason: "revoked" } : { ok: true, claims: claims.data };
	}
	return async (pass) => {
		try {
			return await check(pass);
		} catch (error) {
			if (!(error instanceof errors.JWKSNoMatchingKey) || !(await keys.refresh())) {
				return { ok: false, reason: refusalReason(error) };
			}
		}
		return check(pass).catch((error: unknown) => ({ ok: false, reason: refusalReason(error) }));
	};
}
