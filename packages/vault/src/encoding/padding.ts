import { VaultError } from "../vault-error.ts";
import type { Bytes } from "./bytes.ts";

const stepBytes = 256;
const lengthBytes = 4;

/** Puts the length in front and zeros behind, up to a multiple of 256 bytes, so that the size tells little. */
export function pad(bytes: Bytes): Bytes {
	const padded = new Uint8Array(Math.ceil((lengthBytes + bytes.length) / stepBytes) * stepBytes);
	new DataView(padded.buffer).setUint32(0, bytes.length);
	padded.set(bytes, lengthBytes);
	return padded;
}

/**
 * Takes the padding off again.
 * @throws {VaultError} `malformed` when it is not what `pad` makes.
 */
export function unpad(padded: Bytes): Bytes {
	const length = padded.length < lengthBytes ? -1 : new DataView(padded.buffer, padded.byteOffset).getUint32(0);
	const end = lengthBytes + length;
	const isRight =
		length >= 0 && padded.length === Math.ceil(end / stepBytes) * stepBytes && padded.subarray(end).every((byte) => byte === 0);
	if (!isRight) {
		throw new VaultError("malformed", "The padding of an item is not right.");
	}
	return padded.slice(lengthBytes, end);
}
