import { describe, expect, it } from "vitest";
import { bestThreads, threadCandidates } from "./thread-candidates.ts";

describe("threadCandidates", () => {
	it("never asks for more threads than cores", () => {
		expect(threadCandidates(1)).toEqual([1]);
		expect(threadCandidates(2)).toEqual([1, 2]);
		expect(threadCandidates(6)).toEqual([1, 2, 3, 4, 5, 6]);
		expect(threadCandidates(64).length).toBeLessThan(16);
		expect(threadCandidates(64).at(-1)).toBe(64);
	});
});

describe("bestThreads", () => {
	it("takes the fastest, and the smaller one when the gain is noise", () => {
		const steps = [
			{ threads: 1, ms: 10 },
			{ threads: 2, ms: 5.2 },
			{ threads: 3, ms: 5.1 },
			{ threads: 4, ms: 9 },
		];
		expect(bestThreads(steps)).toEqual({ threads: 2, ms: 5.2 });
	});
});
