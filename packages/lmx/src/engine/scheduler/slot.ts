import type { Generation } from "./generation.ts";

/** A sequence of the context: what its cache holds, and the request it works for. */
export interface Slot {
	readonly sequence: number;
	/** Tokens in the cache are the first `computed` of these. */
	tokens: Int32Array;
	computed: number;
	/** Of `computed`, shared with another sequence. */
	shared: number;
	generation: Generation | null;
	/** Rises with every use; the lowest is the longest idle. */
	lastUsed: number;
}

/** A sequence that holds nothing. */
export function emptySlot(sequence: number): Slot {
	return { sequence, tokens: new Int32Array(), computed: 0, shared: 0, generation: null, lastUsed: 0 };
}

/** Cells of the cache that a slot needs for itself. */
export function ownCells(slot: Slot): number {
	return Math.max(slot.computed, slot.generation?.length ?? 0) - slot.shared;
}
