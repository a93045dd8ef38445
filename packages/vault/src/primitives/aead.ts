import { decodeBase64Url, encodeBase64Url } from "../encoding/base64url.ts";
import { type Bytes, concatBytes, randomBytes } from "../encoding/bytes.ts";
import { VaultError } from "../vault-error.ts";

const nonceBytes = 12;
const tagBytes = 16;

/** AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce: base64url of nonce, ciphertext and tag. */
export async function seal(key: Bytes, plaintext: Bytes, bound: Bytes, nonce: Bytes = randomBytes(nonceBytes)): Promise<string> {
	const parameters = { name: "AES-GCM", iv: nonce, additionalData: bound, tagLength: tagBytes * 8 };
	const imported = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt"]);
	const ciphertext = await crypto.subtle.encrypt(parameters, imported, plaintext);
	return encodeBase64Url(concatBytes(nonce, new Uint8Array(ciphertext)));
}

/**
 * Opens what `seal` made with the same key for the same place.
 * @throws {VaultError} `cannot_open` for every other key, place or text.
 */
export async function open(key: Bytes, sealed: unknown, bound: Bytes): Promise<Bytes> {
	const bytes = decodeBase64Url(sealed);
	const refuse = () => new VaultError("cannot_open", "This cannot be opened: the key is not the right one, or the data were changed.");
	if (bytes.length < nonceBytes + tagBytes) {
		throw refuse();
	}
	const parameters = { name: "AES-GCM", iv: bytes.subarray(0, nonceBytes), additionalData: bound, tagLength: tagBytes * 8 };
	const imported = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["decrypt"]);
	const plaintext = await crypto.subtle.decrypt(parameters, imported, bytes.subarray(nonceBytes)).catch(() => null);
	if (plaintext === null) {
		throw refuse();
	}
	return new Uint8Array(plaintext);
}
