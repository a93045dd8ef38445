import { VaultError } from "../vault-error.ts";
import type { Bytes } from "./bytes.ts";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/** Value by character code; what is no character of the alphabet has none. */
const values: readonly (number | undefined)[] = Array.from({ length: 128 }, (_, code) => {
	const value = alphabet.indexOf(String.fromCharCode(code));
	return value === -1 ? undefined : value;
});

/** base64url without padding (RFC 4648 §5). */
export function encodeBase64Url(bytes: Bytes): string {
	const character = (group: number, shift: number): string => alphabet.charAt((group >> shift) & 63);
	let text = "";
	for (let at = 0; at < bytes.length; at += 3) {
		const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
		text += character(group, 18) + character(group, 12) + character(group, 6) + character(group, 0);
	}
	return text.slice(0, Math.ceil((bytes.length * 4) / 3));
}

/**
 * The bytes of a base64url text. There is one text for the same bytes: padding, other characters and stray bits at the end
 * are refused, so that nobody can change a text without changing what it says.
 * @throws {VaultError} `malformed`
 */
export function decodeBase64Url(text: unknown, expectedBytes?: number): Bytes {
	const refuse = () => new VaultError("malformed", "The vault's data are no base64url text of the right length.");
	if (typeof text !== "string" || text.length % 4 === 1) {
		throw refuse();
	}
	const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
	let bits = 0;
	let pending = 0;
	let at = 0;
	for (let index = 0; index < text.length; index += 1) {
		const value = values[text.charCodeAt(index)];
		if (value === undefined) {
			throw refuse();
		}
		bits = ((bits << 6) | value) & 0xfff;
		pending += 6;
		if (pending >= 8) {
			pending -= 8;
			bytes[at] = (bits >> pending) & 0xff;
			at += 1;
		}
	}
	if ((bits & ((1 << pending) - 1)) !== 0 || (expectedBytes !== undefined && bytes.length !== expectedBytes)) {
		throw refuse();
	}
	return bytes;
}
