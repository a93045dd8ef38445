import { createHash } from "node:crypto";

/** Tokens whose state is saved in one piece. */
export const blockTokens = 64;

/**
 * Names of the whole blocks at the beginning of a prompt. A name depends on the model and on every token up to
 * the block's end, so that equal names mean equal state, and common beginnings have common names.
 */
export function blockKeys(namespace: string, tokens: Int32Array, length: number): string[] {
	const keys: string[] = [];
	let key = createHash("sha256").update(namespace).digest();
	for (let end = blockTokens; end <= length; end += blockTokens) {
		const block = tokens.subarray(end - blockTokens, end);
		key = createHash("sha256")
			.update(key)
			.update(new Uint8Array(block.buffer, block.byteOffset, block.byteLength))
			.digest();
		keys.push(key.toString("hex"));
	}
	return keys;
}
