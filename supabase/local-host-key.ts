import { createECDH, createHmac } from "node:crypto";

/** A P-256 key pair as JWK (RFC 7517). */
export interface LocalHostKey {
	readonly kty: "EC";
	readonly crv: "P-256";
	readonly x: string;
	readonly y: string;
	readonly d: string;
}

const coordinateBytes = 32;

/** The key pair of a local platform's host: made from its secret key, so that a state folder needs no second secret. */
export function localHostKey(secretKey: string): LocalHostKey {
	const pair = createECDH("prime256v1");
	pair.setPrivateKey(createHmac("sha256", secretKey).update("key of this machine's host").digest());
	const point = pair.getPublicKey().subarray(1);
	return {
		kty: "EC",
		crv: "P-256",
		x: point.subarray(0, coordinateBytes).toString("base64url"),
		y: point.subarray(coordinateBytes).toString("base64url"),
		d: Buffer.from(pair.getPrivateKey("hex").padStart(2 * coordinateBytes, "0"), "hex").toString("base64url"),
	};
}
