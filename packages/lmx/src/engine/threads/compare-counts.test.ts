import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareCounts } from "./compare-counts.ts";
import { bestThreads } from "./thread-candidates.ts";

/** Samples of a machine where `speed` says what a step takes, and every one of `disturbed` (by number) takes ten times as long. */
function machine(speed: (threads: number) => number, disturbed: ReadonlySet<number> = new Set()) {
	const asked: number[] = [];
	return {
		asked,
		sample(threads: number): number {
			asked.push(threads);
			return speed(threads) * (disturbed.has(asked.length - 1) ? 10 : 1);
		},
	};
}

const scales = (threads: number): number => 24 / threads;

describe("compareCounts", () => {
	it("finds the better of two counts, whichever two of its samples are disturbed", () => {
		fc.assert(
			fc.property(fc.uniqueArray(fc.nat(7), { maxLength: 2 }), fc.boolean(), (disturbed, isParallel) => {
				const { sample } = machine(isParallel ? scales : (threads) => 10 * threads ** 0.3, new Set(disturbed));
				expect(bestThreads(compareCounts([1, 2], sample, () => false)).threads).toBe(isParallel ? 2 : 1);
			}),
		);
	});

	it("looks no further once more threads are hopeless", () => {
		const { sample, asked } = machine((threads) => (threads > 2 ? 500 : scales(threads)));
		expect(bestThreads(compareCounts([1, 2, 4, 8, 16], sample, () => false)).threads).toBe(2);
		expect(new Set(asked)).toEqual(new Set([1, 2, 4]));
	});

	it("ends when it is late, but has seen two counts", () => {
		const { sample, asked } = machine(scales);
		expect(bestThreads(compareCounts([1, 2, 3, 4], sample, () => true)).threads).toBe(2);
		expect(new Set(asked)).toEqual(new Set([1, 2]));
	});
});
