import { createHash, randomBytes } from "node:crypto";
import { importJWK, type JWTHeaderParameters, jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import { type DeviceKey, publicDeviceKey, publicDeviceKeySchema, thumbprintOf } from "./device-key.ts";

/** What a proof is made for: one request, and the secret that goes along with it. */
export interface ProofSubject {
	readonly method: "POST" | "GET" | "DELETE";
	/** Public address of the route, without query. */
	readonly url: string;
	/** The code or token in the request, which the proof is bound to; empty where there is none. */
	readonly secret: string;
}

/** A proof that is older or younger than this is refused; clocks differ by less. */
const mostSkewSeconds = 60;
const proofType = "dpop+jwt";

const claimsSchema = z.object({ htm: z.string(), htu: z.string(), ath: z.string(), iat: z.int(), jti: z.string().min(16) });

function digest(secret: string): string {
	return createHash("sha256").update(secret).digest("base64url");
}

/** Proves to accounts that a request comes from the holder of the key (DPoP, RFC 9449 §4.2, with `ath` for every secret). */
export async function proveKey(key: DeviceKey, { method, url, secret }: ProofSubject): Promise<string> {
	return new SignJWT({ htm: method, htu: url, ath: digest(secret) })
		.setProtectedHeader({ typ: proofType, alg: "ES256", jwk: publicDeviceKey(key) })
		.setIssuedAt()
		.setJti(randomBytes(18).toString("base64url"))
		.sign(await importJWK(key, "ES256"));
}

/** Checks a proof (RFC 9449 §4.3). Answers the thumbprint of the key that made it, or null. */
export async function readKeyProof(proof: string | null, { method, url, secret }: ProofSubject): Promise<string | null> {
	if (proof === null || proof.length > 4096) {
		return null;
	}
	let thumbprint: string | null = null;
	const keyOf = async (header: JWTHeaderParameters) => {
		const key = publicDeviceKeySchema.parse(header.jwk);
		thumbprint = await thumbprintOf(key);
		return importJWK(key, "ES256");
	};
	try {
		const { payload } = await jwtVerify(proof, keyOf, { algorithms: ["ES256"], typ: proofType });
		const claims = claimsSchema.parse(payload);
		const skewSeconds = Math.abs(claims.iat - Date.now() / 1000);
		const isRight = claims.htm === method && claims.htu === url && claims.ath === digest(secret) && skewSeconds <= mostSkewSeconds;
		return isRight ? thumbprint : null;
	} catch {
		return null;
	}
}
