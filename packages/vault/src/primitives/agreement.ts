import { decodeBase64Url } from "../encoding/base64url.ts";
import { type Bytes, concatBytes } from "../encoding/bytes.ts";
import { VaultError } from "../vault-error.ts";

/** An X25519 key pair (RFC 7748): 32 bytes each. */
export interface KeyPair {
	readonly privateKey: Bytes;
	readonly publicKey: Bytes;
}

/** What PKCS #8 puts in front of the 32 bytes of an X25519 private key (RFC 8410). */
const pkcs8Head = new Uint8Array([0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6e, 0x04, 0x22, 0x04, 0x20]);

/** Makes an X25519 key pair. */
export async function createKeyPair(): Promise<KeyPair> {
	const pair = await crypto.subtle.generateKey("X25519", true, ["deriveBits"]);
	if (!("privateKey" in pair)) {
		throw new TypeError("X25519 gives key pairs.");
	}
	const { d, x } = await crypto.subtle.exportKey("jwk", pair.privateKey);
	return { privateKey: decodeBase64Url(d, 32), publicKey: decodeBase64Url(x, 32) };
}

/**
 * The secret that two key pairs share.
 * @throws {VaultError} `unsafe_public_key` for a public key with which every secret is the same (RFC 7748 §6.1).
 */
export async function agree(privateKey: Bytes, publicKey: Bytes): Promise<Bytes> {
	const own = await crypto.subtle.importKey("pkcs8", concatBytes(pkcs8Head, privateKey), "X25519", false, ["deriveBits"]);
	const other = await crypto.subtle.importKey("raw", publicKey, "X25519", false, []);
	const shared = await crypto.subtle.deriveBits({ name: "X25519", public: other }, own, 256).catch(() => null);
	if (shared === null || new Uint8Array(shared).every((byte) => byte === 0)) {
		throw new VaultError("unsafe_public_key", "The other side's public key is not safe to use; nothing was sent to it.");
	}
	return new Uint8Array(shared);
}
