import { gcm } from "@noble/ciphers/aes.js";
import { x25519 } from "@noble/curves/ed25519.js";
import { argon2id } from "@noble/hashes/argon2.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";

/** A part of a canonical encoding in a vector: bytes are written as hex. */
export type VectorPart = string | number | { readonly hex: string };

const bytesOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, "hex"));
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** The canonical encoding, written a second time from its description alone. */
export function canonicalHex(purpose: string, parts: readonly VectorPart[]): string {
	const one = (part: VectorPart): Buffer => {
		const [tag, data] =
			typeof part === "string"
				? [1, Buffer.from(part, "utf8")]
				: typeof part === "number"
					? [2, Buffer.from(part.toString(16).padStart(16, "0"), "hex")]
					: [3, Buffer.from(part.hex, "hex")];
		const head = Buffer.alloc(5);
		head.writeUInt8(tag, 0);
		head.writeUInt32BE(data.length, 1);
		return Buffer.concat([head, data]);
	};
	return Buffer.concat([`opta/vault/v1/${purpose}`, ...parts].map(one)).toString("hex");
}

/** The vault's primitives by @noble/*, all in hex. */
export const oracle = {
	sha256: (message: string) => hexOf(sha256(bytesOf(message))),
	hmac: (key: string, message: string) => hexOf(hmac(sha256, bytesOf(key), bytesOf(message))),
	hkdf: (secret: string, info: string, salt = "") => hexOf(hkdf(sha256, bytesOf(secret), bytesOf(salt), bytesOf(info), 32)),
	argon2id: (
		passphrase: string,
		salt: string,
		{ memoryKiB, iterations, parallelism }: { memoryKiB: number; iterations: number; parallelism: number },
	) => hexOf(argon2id(passphrase.normalize("NFKC"), bytesOf(salt), { m: memoryKiB, t: iterations, p: parallelism, dkLen: 32 })),
	x25519: (privateKey: string, publicKey: string) => hexOf(x25519.getSharedSecret(bytesOf(privateKey), bytesOf(publicKey))),
	publicKey: (privateKey: string) => hexOf(x25519.getPublicKey(bytesOf(privateKey))),
	/** Nonce, ciphertext and tag. */
	seal: (key: string, nonce: string, plaintext: string, bound: string) =>
		nonce + hexOf(gcm(bytesOf(key), bytesOf(nonce), bytesOf(bound)).encrypt(bytesOf(plaintext))),
	open: (key: string, sealed: string, bound: string) =>
		hexOf(gcm(bytesOf(key), bytesOf(sealed.slice(0, 24)), bytesOf(bound)).decrypt(bytesOf(sealed.slice(24)))),
};
