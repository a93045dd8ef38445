import type { Slot } from "./slot.ts";

/** Shorter prefixes are not worth a copy. */
const minCopiedTokens = 8;

/** Where a prompt goes, and how much of it need not be computed. */
export interface SlotChoice {
	readonly slot: Slot;
	/** Tokens from the start that are in the cache already. */
	readonly reused: number;
	/** The sequence that lends them; null when they are the slot's own. */
	readonly donor: Slot | null;
}

function commonPrefix(slot: Slot, prompt: Int32Array): number {
	const limit = Math.min(slot.computed, prompt.length - 1);
	let length = 0;
	while (length < limit && slot.tokens[length] === prompt[length]) {
		length++;
	}
	return length;
}

/**
 * Chooses among the idle sequences. One whose cache is mostly the beginning of this prompt (the chat goes on)
 * is taken over; otherwise the longest idle one is used, and a longer common beginning is borrowed from any
 * sequence, busy or not. At least the last token of the prompt is always computed, for its scores.
 */
export function chooseSlot(slots: readonly Slot[], prompt: Int32Array, keepsPrefixes: boolean): SlotChoice | null {
	const idle = slots.filter((slot) => slot.generation === null).sort((a, b) => a.lastUsed - b.lastUsed);
	const [oldest] = idle;
	if (oldest === undefined) {
		return null;
	}
	const lengths = new Map(slots.map((slot) => [slot, commonPrefix(slot, prompt)]));
	const lengthOf = (slot: Slot): number => lengths.get(slot) ?? 0;
	const longest = (candidates: readonly Slot[]): Slot => candidates.reduce((best, slot) => (lengthOf(slot) > lengthOf(best) ? slot : best));
	const own = longest(idle);
	if (!keepsPrefixes) {
		const continued = idle.find((slot) => slot.computed > 0 && lengthOf(slot) === slot.computed);
		return continued === undefined
			? { slot: oldest, reused: 0, donor: null }
			: { slot: continued, reused: continued.computed, donor: null };
	}
	const donor = longest(slots);
	if (lengthOf(own) === lengthOf(donor) && lengthOf(own) * 2 >= own.computed) {
		return { slot: own, reused: lengthOf(own), donor: null };
	}
	const target = idle.find((slot) => slot !== donor) ?? oldest;
	if (target !== donor && lengthOf(donor) >= minCopiedTokens && lengthOf(donor) > lengthOf(target)) {
		return { slot: target, reused: lengthOf(donor), donor };
	}
	return { slot: target, reused: lengthOf(target), donor: null };
}
