import { VaultError } from "../vault-error.ts";
import { type Bytes, concatBytes } from "./bytes.ts";

/** What can be bound into a key, a tag or a digest. Numbers are whole and not negative. */
export type CanonicalPart = string | number | Bytes;

const encoder = new TextEncoder();
const tags = { text: 1, number: 2, bytes: 3 } as const;

function tagged(tag: number, data: Bytes): Bytes {
	const head = new Uint8Array(5);
	head[0] = tag;
	new DataView(head.buffer).setUint32(1, data.length);
	return concatBytes(head, data);
}

function encodePart(part: CanonicalPart): Bytes {
	if (part instanceof Uint8Array) {
		return tagged(tags.bytes, part);
	}
	if (typeof part === "number" && Number.isSafeInteger(part) && part >= 0) {
		const data = new Uint8Array(8);
		new DataView(data.buffer).setBigUint64(0, BigInt(part));
		return tagged(tags.number, data);
	}
	if (typeof part === "string" && part.isWellFormed()) {
		return tagged(tags.text, encoder.encode(part));
	}
	throw new VaultError("malformed", "The vault's data hold a value of the wrong kind.");
}

/**
 * Encodes a purpose and its parts so that no two different lists give the same bytes: each part is its type (1 text in
 * UTF-8, 2 whole number of 8 bytes, 3 bytes), its length in 4 bytes, and itself; numbers are big-endian. The purpose comes
 * first, as a text that begins with `opta/vault/v1/`.
 * @throws {VaultError} `malformed` for any other type, which can only come from outside.
 */
export function canonical(purpose: string, ...parts: readonly CanonicalPart[]): Bytes {
	return concatBytes(...[`opta/vault/v1/${purpose}`, ...parts].map(encodePart));
}
