import { hostAudience, passAlgorithm, passLifetimeSeconds } from "@opta/contracts/pass";
import type { HostIdentity } from "@opta/contracts/schema/host";
import { type PassClaims, passClaimsSchema } from "@opta/contracts/schema/pass";
import { createLocalJWKSet, errors, jwtVerify } from "jose";

/** A pass that was checked. `reason` is for the log of the host, never for who sent the pass. */
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

/**
 * Makes the verifier of a host: signed ES256 (RFC 7518 §3.4) by one of the pinned keys, for this host, by its accounts,
 * now, and for no longer than passes live. Keys that the pass itself brings or points to (`jwk`, `jku`) are not looked at.
 */
export function createPassVerifier(identity: HostIdentity): PassVerifier {
	const pinnedKeys = createLocalJWKSet(identity.jwks);
	const rules = {
		algorithms: [passAlgorithm],
		issuer: identity.issuer,
		audience: hostAudience(identity.hostId),
		clockTolerance: clockToleranceSeconds,
		maxTokenAge: passLifetimeSeconds,
		requiredClaims: ["sub", "role", "jti", "iat", "exp"],
	};
	return async (pass) => {
		try {
			const { payload, protectedHeader } = await jwtVerify(pass, pinnedKeys, rules);
			const claims = passClaimsSchema.safeParse(payload);
			if (!claims.success) {
				return { ok: false, reason: `claim ${claims.error.issues[0]?.path.join(".")}` };
			}
			const lifeSeconds = claims.data.exp - claims.data.iat;
			if (lifeSeconds <= 0 || lifeSeconds > passLifetimeSeconds) {
				return { ok: false, reason: `life of ${lifeSeconds} s` };
			}
			return protectedHeader.kid === undefined ? { ok: false, reason: "no kid" } : { ok: true, claims: claims.data };
		} catch (error) {
			return { ok: false, reason: refusalReason(error) };
		}
	};
}
