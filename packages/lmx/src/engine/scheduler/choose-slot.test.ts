import { describe, expect, it } from "vitest";
import { chooseSlot } from "./choose-slot.ts";
import { emptySlot, type Slot } from "./slot.ts";

function slot(sequence: number, cached: string, options: { lastUsed?: number; busy?: boolean } = {}): Slot {
	const tokens = Int32Array.from(Buffer.from(cached));
	return {
		...emptySlot(sequence),
		tokens,
		computed: tokens.length,
		lastUsed: options.lastUsed ?? 0,
		generation: options.busy ? ({ length: tokens.length } as unknown as Slot["generation"]) : null,
	};
}

function choose(slots: Slot[], prompt: string, keepsPrefixes = true): [number | undefined, number | undefined, number | undefined] {
	const choice = chooseSlot(slots, Int32Array.from(Buffer.from(prompt)), keepsPrefixes);
	return [choice?.slot.sequence, choice?.reused, choice?.donor?.sequence];
}

describe("chooseSlot", () => {
	it("goes on where the same chat left off", () => {
		const slots = [slot(0, "", { lastUsed: 0 }), slot(1, "system: hi. user: a", { lastUsed: 5 })];
		expect(choose(slots, "system: hi. user: a, and b")).toEqual([1, 19, undefined]);
	});

	it("computes at least the last token of a prompt it has seen", () => {
		expect(choose([slot(0, "same prompt")], "same prompt")).toEqual([0, 10, undefined]);
	});

	it("borrows a common beginning instead of destroying another chat", () => {
		const system = "a long system prompt. ";
		const slots = [slot(0, ""), slot(1, `${system}${"x".repeat(60)}`, { lastUsed: 9 })];
		expect(choose(slots, `${system}another question`)).toEqual([0, system.length, 1]);
	});

	it("borrows from a sequence that is at work", () => {
		const slots = [slot(0, "common beginning, busy", { busy: true }), slot(1, "")];
		expect(choose(slots, "common beginning, new")).toEqual([1, 18, 0]);
	});

	it("takes the longest idle one for a prompt without likeness", () => {
		const slots = [slot(0, "aaaa", { lastUsed: 3 }), slot(1, "bbbb", { lastUsed: 1 }), slot(2, "cccc", { lastUsed: 2 })];
		expect(choose(slots, "zzzz")).toEqual([1, 0, undefined]);
	});

	it("has none when all are busy", () => {
		expect(choose([slot(0, "a", { busy: true })], "a")).toEqual([undefined, undefined, undefined]);
	});

	it("uses the cache of a recurrent model only as a whole", () => {
		expect(choose([slot(0, "abc", { lastUsed: 1 }), slot(1, "")], "abx", false)).toEqual([1, 0, undefined]);
		expect(choose([slot(0, "abc", { lastUsed: 1 }), slot(1, "")], "abcd", false)).toEqual([0, 3, undefined]);
	});
});
