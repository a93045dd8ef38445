import { createHash, randomBytes } from "node:crypto";
import { importJWK, type JWTHeaderParameters, jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import { type DeviceKey, publicDeviceKey, publicDeviceKeySchema, thumbprintOf } from "./device-key.ts";

/** What a proof is made for: one request, and the secret that goes along with it. */
export interface ProofSubject {
	readonly method: string;
	/** Public address of the route, without query. */
	readonly url: string;
	/** The code or token in the request, which the proof is bound to; empty where there is none. */
	readonly secret: string;
}

/** A proof that is older or younger than this is refused; clocks differ by less. */
const mostSkewSeconds = 60;
const proofType = "dpop+jwt";

const claimsSchema = z.object({
	htm: z.string(),
	htu: z.string(),
	ath: z.string(),
	iat: z.int(),
	jti: z.string().min(16).max(64),
	bodyDigest: z.string().optional(),
});

/** What a proof says that was found to be right. */
export interface CheckedProof {
	/** Of the key that made it. */
	readonly thumbprint: string;
	readonly jti: string;
	/** When it was made, in seconds since 1970. */
	readonly iat: number;
	/** When it is too old, in seconds since 1970. */
	readonly exp: number;
	/** SHA-256 of the request's body, where the proof covers it. */
	readonly bodyDigest: string | null;
}

/** SHA-256 in base64url, as proofs name what they cover. */
export function digestOf(content: string | Uint8Array): string {
	return createHash("sha256").update(content).digest("base64url");
}

/**
 * Proves that a request comes from the holder of the key (DPoP, RFC 9449 §4.2, with `ath` for every secret), and with
 * `bodyDigest` (a claim of our own) what it brings.
 */
export async function proveKey(key: DeviceKey, { method, url, secret }: ProofSubject, bodyDigest?: string): Promise<string> {
	return new SignJWT({ htm: method, htu: url, ath: digestOf(secret), ...(bodyDigest === undefined ? {} : { bodyDigest }) })
		.setProtectedHeader({ typ: proofType, alg: "ES256", jwk: publicDeviceKey(key) })
		.setIssuedAt()
		.setJti(randomBytes(18).toString("base64url"))
		.sign(await importJWK(key, "ES256"));
}

/** Checks a proof (RFC 9449 §4.3). Whether it is used for the first time, the caller decides by its `jti`. Null for a wrong one. */
export async function checkKeyProof(proof: string | null, { method, url, secret }: ProofSubject): Promise<CheckedProof | null> {
	if (proof === null || proof.length > 4096) {
		return null;
	}
	let thumbprint = "";
	const keyOf = async (header: JWTHeaderParameters) => {
		const key = publicDeviceKeySchema.parse(header.jwk);
		thumbprint = await thumbprintOf(key);
		return importJWK(key, "ES256");
	};
	try {
		const { payload } = await jwtVerify(proof, keyOf, { algorithms: ["ES256"], typ: proofType });
		const { htm, htu, ath, jti, iat, bodyDigest = null } = claimsSchema.parse(payload);
		const skewSeconds = Math.abs(iat - Date.now() / 1000);
		const isRight = htm === method && htu === url && ath === digestOf(secret) && skewSeconds <= mostSkewSeconds;
		return isRight ? { thumbprint, jti, iat, exp: iat + mostSkewSeconds, bodyDigest } : null;
	} catch {
		return null;
	}
}

/** Checks a proof, and answers the thumbprint of the key that made it, or null. */
export async function readKeyProof(proof: string | null, subject: ProofSubject): Promise<string | null> {
	return (await checkKeyProof(proof, subject))?.thumbprint ?? null;
}
