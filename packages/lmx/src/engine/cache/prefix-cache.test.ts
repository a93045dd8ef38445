import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FakeContext } from "../../testing/fake-context.ts";
import { PrefixCache } from "./prefix-cache.ts";

const tokensOf = (text: string): Int32Array => Int32Array.from(Buffer.from(text));

/** A cache on a fake context, and a way to compute the rest of a prompt. */
function bench(options: { keepsPrefixes?: boolean; sequences?: number } = {}) {
	const context = new FakeContext({ answer: () => "", batchTokens: 4096, ...options });
	const cache = new PrefixCache(context);
	return {
		context,
		cache,
		/** Computes what is missing; the number of the sequence and of the tokens that were known. */
		work(text: string): { sequence: number; known: number } {
			const tokens = tokensOf(text);
			const opened = cache.open(tokens, tokens.length);
			if (opened === null) {
				throw new Error("All sequences are at work.");
			}
			for (let position = opened.computed; position < tokens.length; position++) {
				context.add(tokens[position] as number, position, opened.sequence, false);
			}
			context.decode();
			cache.publish(opened.sequence, tokens, tokens.length);
			return { sequence: opened.sequence, known: opened.computed };
		},
		close(sequence: number, text: string): void {
			cache.close(sequence, tokensOf(text), tokensOf(text).length);
		},
	};
}

const system = "You are a helpful assistant in a house. ";

describe("PrefixCache", () => {
	it("shares a beginning with a sequence that is still at work, without a second copy", () => {
		const { context, work } = bench();
		work(`${system}First question`);
		expect(work(`${system}Second question`).known).toBe(system.length);
		expect(context.usedCells).toBe(`${system}First questionSecond question`.length);
	});

	it("always leaves the last token to compute", () => {
		const { work, close } = bench();
		close(work(system).sequence, system);
		expect(work(system).known).toBe(system.length - 1);
	});

	it("keeps one of two sequences when the longer one holds all of the other", () => {
		const { cache, context, work, close } = bench();
		close(work(system).sequence, system);
		close(work(`${system}And more`).sequence, `${system}And more`);
		close(work(system).sequence, system);
		expect(cache.kept.map(({ tokens }) => tokens.length)).toEqual([`${system}And more`.length]);
		expect(context.usedCells).toBe(`${system}And more`.length);
	});

	it("drops the longest unused first and never one at work", () => {
		const { cache, work, close } = bench({ sequences: 3 });
		const letters = ["a", "b", "c", "d"];
		work("z".repeat(20));
		for (const letter of letters) {
			close(work(letter.repeat(20)).sequence, letter.repeat(20));
		}
		expect(work(`${"b".repeat(20)}!`).known).toBe(20);
		expect([cache.dropOldest(), cache.dropOldest(), cache.dropOldest()]).toEqual([true, true, true]);
		expect(cache.kept.map(({ tokens }) => String.fromCharCode(tokens[0] as number))).toEqual(["b"]);
		expect(cache.dropOldest()).toBe(true);
		expect(cache.dropOldest()).toBe(false);
		expect(work(`${"z".repeat(20)}?`).known).toBe(20);
	});

	it("goes on with a whole sequence only, where a model cannot share", () => {
		const { work, close } = bench({ keepsPrefixes: false });
		close(work("abcdefghijkl").sequence, "abcdefghijkl");
		expect(work("abcdefghijXY").known).toBe(0);
		expect(work("abcdefghijklmn").known).toBe(12);
	});

	it("holds exactly the tokens of every sequence, and counts each cell once, whatever is done", () => {
		const text = fc.string({ unit: fc.constantFrom("a", "b"), minLength: 1, maxLength: 24 });
		const action = fc.record({ text, closes: fc.boolean(), drops: fc.boolean() });
		fc.assert(
			fc.property(fc.array(action, { maxLength: 30 }), (actions) => {
				const { cache, context, work, close } = bench({ sequences: 3 });
				const working = new Map<number, string>();
				for (const { text: prompt, closes, drops } of actions) {
					if (working.size === 3) {
						const [[sequence, done] = [0, ""]] = working;
						working.delete(sequence);
						close(sequence, done);
					}
					const { sequence } = work(prompt);
					if (closes) {
						close(sequence, prompt);
					} else {
						working.set(sequence, prompt);
					}
					if (drops) {
						cache.dropOldest();
					}
					for (const [name, held] of working) {
						expect(context.tokensOf(name)).toEqual([...tokensOf(held)]);
					}
					for (const { sequence: name, tokens } of cache.kept) {
						expect(context.tokensOf(name)).toEqual([...tokens]);
					}
					expect(cache.workingCells + cache.keptCells).toBe(context.usedCells);
				}
			}),
		);
	});
});
