import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, type JWTVerifyOptions, jwtVerify } from "jose";
import type { AuthConfiguration } from "./auth-configuration.ts";

/** The claims of a verified access token that the sites use. */
export interface AccessTokenClaims {
	readonly userId: string;
	readonly email: string;
	readonly expiresAtMs: number;
}

/** What a token turned out to be. `expired` had a right signature. */
export type AccessTokenVerdict =
	| { readonly state: "valid"; readonly claims: AccessTokenClaims }
	| { readonly state: "expired" }
	| { readonly state: "invalid" };

/** The back end's public keys could not be fetched, so nobody can be told apart now. */
export class AuthUnavailableError extends Error {
	override readonly name = "AuthUnavailableError";
}

/** Verifies an access token of the back end. */
export type AccessTokenVerifier = (token: string) => Promise<AccessTokenVerdict>;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const jwksTimeoutMs = 5_000;
const jwksMaxAgeMs = 600_000;

const commonOptions: JWTVerifyOptions = { audience: "authenticated", requiredClaims: ["sub", "exp", "role"] };

function readClaims(payload: JWTPayload): AccessTokenVerdict {
	const { sub, exp, role, email } = payload;
	if (sub === undefined || !uuid.test(sub) || exp === undefined || role !== "authenticated") {
		return { state: "invalid" };
	}
	return { state: "valid", claims: { userId: sub, email: typeof email === "string" ? email : "", expiresAtMs: exp * 1000 } };
}

function refused(error: unknown): AccessTokenVerdict {
	if (error instanceof errors.JWTExpired) {
		return { state: "expired" };
	}
	if (error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError) || error.code === "ERR_JOSE_GENERIC") {
		throw new AuthUnavailableError("The back end's public keys cannot be fetched.", { cause: error });
	}
	return { state: "invalid" };
}

/** Verifies with public keys: ES256 and RS256 only, so that a public key is never taken for an HMAC secret. */
export function publicKeyVerifier(keys: JWTVerifyGetKey, issuer: string): AccessTokenVerifier {
	const options: JWTVerifyOptions = { ...commonOptions, algorithms: ["ES256", "RS256"], issuer };
	return (token) => jwtVerify(token, keys, options).then(({ payload }) => readClaims(payload), refused);
}

/** Verifies with the shared secret of the embedded back end: HS256 only. */
export function sharedSecretVerifier(secret: string): AccessTokenVerifier {
	const key = new TextEncoder().encode(secret);
	const options: JWTVerifyOptions = { ...commonOptions, algorithms: ["HS256"] };
	return (token) => jwtVerify(token, key, options).then(({ payload }) => readClaims(payload), refused);
}

/** The verifier for a configuration. Public keys are fetched when first needed and kept for ten minutes. */
export function createAccessTokenVerifier({
	jwtSecret,
	supabaseUrl,
}: Pick<AuthConfiguration, "jwtSecret" | "supabaseUrl">): AccessTokenVerifier {
	if (jwtSecret !== null) {
		return sharedSecretVerifier(jwtSecret);
	}
	const issuer = `${supabaseUrl}/auth/v1`;
	const options = { timeoutDuration: jwksTimeoutMs, cacheMaxAge: jwksMaxAgeMs };
	return publicKeyVerifier(createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`), options), issuer);
}
