import { createPrivateKey, createPublicKey, randomBytes, sign, verify } from "node:crypto";
import { EnvironmentError } from "@opta/auth/environment-error";
import { hostAudience, passAlgorithm, passLifetimeSeconds } from "@opta/contracts/pass";
import type { HostRole } from "@opta/contracts/roles";
import type { PassResponse } from "@opta/contracts/schema/pass";
import { type SiteAddressing, siteOrigin } from "@opta/contracts/site-url";
import { SignJWT } from "jose";
import { z } from "zod";

const privateJwkSchema = z.object({
	kty: z.literal("EC"),
	crv: z.literal("P-256"),
	x: z.string(),
	y: z.string(),
	d: z.string(),
	kid: z.string().min(1),
});

/** The private key of passes, a P-256 JWK with a `kid` (RFC 7517). */
export type PassSigningKey = z.infer<typeof privateJwkSchema>;

/** Signs passes and tells the public key that verifies them. */
export interface PassSigner {
	sign(claims: { readonly userId: string; readonly hostId: string; readonly role: HostRole }): Promise<PassResponse>;
	/** The key set of `/.well-known/jwks.json`: nothing private in it. */
	readonly jwks: { readonly keys: readonly Record<string, string>[] };
}

/** 128 bits and more are not guessed (ASVS 5.0, 11.5.1). */
const tokenIdBytes = 18;

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** OpenSSL takes the public half as given, so only a signature shows whether the halves belong together. */
function isWholeKey(jwk: PassSigningKey): boolean {
	try {
		const probe = randomBytes(32);
		const { d: _, ...publicJwk } = jwk;
		const signature = sign("sha256", probe, createPrivateKey({ key: jwk, format: "jwk" }));
		return verify("sha256", probe, createPublicKey({ key: publicJwk, format: "jwk" }), signature);
	} catch {
		return false;
	}
}

/**
 * Reads `OPTA_PASS_SIGNING_KEY`.
 * @throws {EnvironmentError} when it is no private P-256 JWK with a `kid`, or its public half belongs to another key.
 */
export function readPassSigningKey(value: string | undefined): PassSigningKey {
	const form = "it must be a private P-256 key as JWK in JSON, with a kid";
	if (value === undefined || value.trim() === "") {
		throw new EnvironmentError(`OPTA_PASS_SIGNING_KEY is not set; ${form}.`);
	}
	const parsed = privateJwkSchema.safeParse(parseJson(value));
	if (!parsed.success || !isWholeKey(parsed.data)) {
		throw new EnvironmentError(`OPTA_PASS_SIGNING_KEY cannot be used; ${form}.`);
	}
	return parsed.data;
}

/** Makes the signer of a key. Passes name accounts' public origin as their issuer. */
export function createPassSigner(jwk: PassSigningKey, addressing: SiteAddressing): PassSigner {
	const key = createPrivateKey({ key: jwk, format: "jwk" });
	const issuer = siteOrigin(addressing, "accounts");
	const { kty, crv, x, y, kid } = jwk;
	return {
		jwks: { keys: [{ kty, crv, x, y, kid, alg: passAlgorithm, use: "sig" }] },
		async sign({ userId, hostId, role }) {
			const issuedAt = Math.floor(Date.now() / 1000);
			const expiresAt = issuedAt + passLifetimeSeconds;
			const pass = await new SignJWT({ role })
				.setProtectedHeader({ alg: passAlgorithm, kid })
				.setIssuer(issuer)
				.setAudience(hostAudience(hostId))
				.setSubject(userId)
				.setJti(randomBytes(tokenIdBytes).toString("base64url"))
				.setIssuedAt(issuedAt)
				.setExpirationTime(expiresAt)
				.sign(key);
			return { pass, role, expiresAt: new Date(expiresAt * 1000).toISOString() };
		},
	};
}
