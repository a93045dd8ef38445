import { describe, expect, it } from "vitest";
import { seededRandom } from "../sampling/random.ts";
import { generatingPace, readingPace, ThreadTuner, type TuningPace } from "./thread-tuner.ts";

interface Ran {
	readonly share: (threads: number) => number;
	readonly meanMs: number;
}

/** Runs steps on a machine that is described by a step's time. */
function run(tuner: ThreadTuner, steps: number, msOf: (threads: number) => number, kind = 1): Ran {
	const counts = new Map<number, number>();
	let sumMs = 0;
	for (let step = 0; step < steps; step++) {
		const { threads } = tuner;
		const ms = msOf(threads);
		counts.set(threads, (counts.get(threads) ?? 0) + 1);
		sumMs += ms;
		tuner.record(kind, ms);
	}
	return { share: (threads) => (counts.get(threads) ?? 0) / steps, meanMs: sumMs / steps };
}

function tunerOf(
	candidates: number[],
	threads: number,
	options: { pace?: TuningPace; idle?: () => number; expectedMs?: number } = {},
): ThreadTuner {
	const start = { threads, expectedMs: options.expectedMs ?? null };
	return new ThreadTuner(candidates, start, options.pace ?? generatingPace, options.idle ?? (() => 1));
}

const idle = (threads: number): number => (threads === 2 ? 5 : 8);

describe("ThreadTuner", () => {
	it("stays with the better count and spends next to nothing on looking around", () => {
		expect(run(tunerOf([1, 2], 2), 5000, idle).share(2)).toBeGreaterThan(0.97);
	});

	it("gives a core up to a busy program, and takes it back", () => {
		const tuner = tunerOf([1, 2], 2);
		const random = seededRandom(1);
		const busy = (threads: number): number => (threads === 1 ? 8 : random() < 0.5 ? 5 : 18);
		run(tuner, 3000, idle);
		run(tuner, 600, busy);
		expect(run(tuner, 1000, busy).share(1)).toBeGreaterThan(0.9);
		run(tuner, 600, idle);
		expect(run(tuner, 1000, idle).share(2)).toBeGreaterThan(0.9);
	});

	it.each([
		["after a while", null],
		["from the first step", 5],
	])("leaves a crowded machine at once, %s", (_, expectedMs) => {
		const tuner = tunerOf([1, 2], 2, { idle: () => 0, ...(expectedMs === null ? {} : { expectedMs }) });
		if (expectedMs === null) {
			run(tuner, 500, idle);
		}
		const crowded = run(tuner, 200, (threads) => (threads === 2 ? 2000 : 16));
		expect(crowded.share(1)).toBeGreaterThan(0.98);
		expect(crowded.meanMs).toBeLessThan(40);
	});

	it("ends a try that goes badly after one step", () => {
		const tuner = tunerOf([1, 2], 1);
		expect(run(tuner, 200, (threads) => (threads === 2 ? 2000 : 16)).share(2)).toBeLessThanOrEqual(2 / 200);
	});

	it("notices in the middle of a long prompt that a core was taken", () => {
		const tuner = tunerOf([1, 2], 2, { pace: readingPace, expectedMs: 3 });
		expect(run(tuner, 10, (threads) => (threads === 2 ? 60 : 6)).share(1)).toBeGreaterThan(0.7);
	});

	it("climbs to the best of many counts", () => {
		const tuner = tunerOf([1, 2, 3, 4, 6, 8], 1);
		run(tuner, 3000, (threads) => 60 / threads + threads);
		expect(tuner.threads).toBe(6);
	});

	it("leaves a single core alone, and does not compare steps of different kinds", () => {
		expect(run(tunerOf([1], 1), 300, () => 5).share(1)).toBe(1);
		const tuner = tunerOf([1, 2], 2);
		for (let step = 0; step < 500; step++) {
			tuner.record(1 + (step % 2), step % 2 === 0 ? 5 : 50);
			expect(tuner.threads).toBe(2);
		}
	});
});
