import { VaultError } from "../vault-error.ts";
import type { Bytes } from "./bytes.ts";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const values = new Map([...alphabet].map((character, value) => [character.charCodeAt(0), value]));

/** base64url without padding (RFC 4648 §5). */
export function encodeBase64Url(bytes: Bytes): string {
	const pieces: string[] = [];
	for (let at = 0; at < bytes.length; at += 3) {
		const left = bytes.length - at;
		const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
		const four = [18, 12, 6, 0].map((shift) => alphabet[(group >> shift) & 63]).join("");
		pieces.push(left >= 3 ? four : four.slice(0, left + 1));
	}
	return pieces.join("");
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
		const value = values.get(text.charCodeAt(index));
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
