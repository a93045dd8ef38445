import koffi from "koffi";
import type { Batch } from "../library/struct-layouts.ts";

/** The rows of one step in the form that `llama_decode` takes. */
export interface DecodeBatch {
	readonly tokens: number;
	/** Rows that want scores. */
	readonly outputs: number;
	/** Adds a row and gives its number. */
	add(token: number, position: number, sequence: number, wantsLogits: boolean): number;
	/** The rows so far; the batch is empty afterwards, and what was given is valid until the next `add`. */
	take(): Batch;
}

/** Makes an empty batch for at most `capacity` rows; its arrays live as long as it does. */
export function createDecodeBatch(capacity: number): DecodeBatch {
	const sequenceOf = new Int32Array(capacity);
	const sequenceAddress = koffi.address(sequenceOf);
	const arrays = {
		token: new Int32Array(capacity),
		embd: null,
		pos: new Int32Array(capacity),
		nSeqId: new Int32Array(capacity).fill(1),
		seqId: new BigUint64Array(capacity).map((_, row) => sequenceAddress + BigInt(row * Int32Array.BYTES_PER_ELEMENT)),
		logits: new Int8Array(capacity),
	};
	let tokens = 0;
	let outputs = 0;
	return {
		get tokens() {
			return tokens;
		},
		get outputs() {
			return outputs;
		},
		add(token, position, sequence, wantsLogits) {
			const row = tokens++;
			arrays.token[row] = token;
			arrays.pos[row] = position;
			sequenceOf[row] = sequence;
			arrays.logits[row] = wantsLogits ? 1 : 0;
			outputs += wantsLogits ? 1 : 0;
			return row;
		},
		take() {
			const batch = { ...arrays, nTokens: tokens };
			tokens = 0;
			outputs = 0;
			return batch;
		},
	};
}
