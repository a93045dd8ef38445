import { describe, expect, it } from "vitest";
import { ThinkingWatch } from "./thinking-watch.ts";

const marks = { open: "<think>", close: "</think>" };

function watch(options: { startsInside?: boolean; budgetTokens?: number | null } = {}): ThinkingWatch {
	return new ThinkingWatch({ marks, startsInside: false, budgetTokens: null, closing: Int32Array.of(7, 8, 9), ...options });
}

function read(watched: ThinkingWatch, texts: readonly string[]): boolean[] {
	return texts.map((text) => {
		watched.push(text);
		return watched.isInside;
	});
}

describe("ThinkingWatch", () => {
	it("follows the marks, however they are cut", () => {
		const whole = watch();
		expect(read(whole, ["\n", "<think>", "hm", "</think>", "yes"])).toEqual([false, true, true, false, false]);
		expect(whole.tokens).toBe(2);
		const cut = watch();
		expect(read(cut, ["<th", "ink", ">h", "m</", "think", ">\n", "yes"])).toEqual([false, false, true, true, true, false, false]);
		expect(cut.tokens).toBe(3);
	});

	it("begins inside when the prompt opened it", () => {
		const watched = watch({ startsInside: true });
		expect(watched.isInside).toBe(true);
		expect(read(watched, ["hm", "</think>"])).toEqual([true, false]);
		expect(watched.tokens).toBe(2);
	});

	it("takes a mark for text once the answer has begun, and thinks only once", () => {
		expect(read(watch(), ["Use ", "<think>", "here"])).toEqual([false, false, false]);
		expect(read(watch({ startsInside: true }), ["</think>", "<think>"])).toEqual([false, false]);
	});

	it("forces the closing tokens after the budget, and nothing after them", () => {
		const watched = watch({ startsInside: true, budgetTokens: 2 });
		const forced: (number | null)[] = [];
		for (const text of ["a", "b", "\n", "</think>", "\n\n", "c"]) {
			forced.push(watched.forcedToken());
			watched.push(text);
		}
		expect(forced).toEqual([null, null, 7, 8, null, null]);
		expect(watched.isInside).toBe(false);
	});

	it("forces at once where no thinking is wanted, and never what the closing tokens do not close", () => {
		const watched = watch({ startsInside: true, budgetTokens: 0 });
		const forced: (number | null)[] = [];
		for (const text of ["x", "y", "z", "free"]) {
			forced.push(watched.forcedToken());
			watched.push(text);
		}
		expect(forced).toEqual([7, 8, 9, null]);
	});

	it("lets only a whole mark open the thinking under a grammar", () => {
		const watched = watch();
		expect(watched.opens("<think>\n")).toBe(true);
		expect(watched.opens("<th")).toBe(false);
		watched.push("{");
		expect(watched.opens("<think>")).toBe(false);
	});
});
