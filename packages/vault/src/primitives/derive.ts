import type { Bytes } from "../encoding/bytes.ts";

const none = new Uint8Array(0);

/** HKDF-SHA256 (RFC 5869): 32 bytes for one purpose. */
export async function deriveKey(secret: Bytes, info: Bytes, salt: Bytes = none): Promise<Bytes> {
	const key = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
	return new Uint8Array(await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt, info }, key, 256));
}

/** HMAC-SHA256 (RFC 2104). */
export async function authenticate(key: Bytes, message: Bytes): Promise<Bytes> {
	const hmac = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
	return new Uint8Array(await crypto.subtle.sign("HMAC", hmac, message));
}

/** SHA-256. */
export async function digest(message: Bytes): Promise<Bytes> {
	return new Uint8Array(await crypto.subtle.digest("SHA-256", message));
}
