import type { Bytes } from "./bytes.ts";

/** Crockford's base 32: no I, L, O, U. */
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** The first `count` times five bits of some bytes, as characters. */
export function encodeBase32(bytes: Bytes, count: number): string {
	let bits = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n) >> BigInt(bytes.length * 8 - count * 5);
	let text = "";
	for (let left = count; left > 0; left -= 1) {
		text = `${alphabet[Number(bits & 31n)]}${text}`;
		bits >>= 5n;
	}
	return text;
}

/** Values of the characters, or null where one is none of the alphabet. */
export function decodeBase32(text: string): readonly number[] | null {
	const digits = [...text].map((character) => alphabet.indexOf(character));
	return digits.includes(-1) ? null : digits;
}

/** What people type: any case, spaces and hyphens anywhere, O for 0, I and L for 1. */
export function cleanBase32(text: string): string {
	return text.toUpperCase().replaceAll(/[\s-]/g, "").replaceAll("O", "0").replaceAll(/[IL]/g, "1");
}

/** Groups of four characters, with hyphens. */
export function inGroups(text: string): string {
	return (text.match(/.{1,4}/g) ?? []).join("-");
}
