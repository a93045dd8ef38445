import { describe, expect, it } from "vitest";
import { seededRandom } from "../sampling/random.ts";
import { ThreadTuner } from "./thread-tuner.ts";

/** Runs steps on a machine that is described by a step's time, and tells the share of steps at each count. */
function run(tuner: ThreadTuner, steps: number, msOf: (threads: number) => number, width = 1): Map<number, number> {
	const shares = new Map<number, number>();
	for (let step = 0; step < steps; step++) {
		const { threads } = tuner;
		shares.set(threads, (shares.get(threads) ?? 0) + 1 / steps);
		tuner.record(width, msOf(threads));
	}
	return shares;
}

describe("ThreadTuner", () => {
	it("stays with the better count and spends next to nothing on looking around", () => {
		const shares = run(new ThreadTuner([1, 2], 2), 5000, (threads) => (threads === 2 ? 5 : 8));
		expect(shares.get(2)).toBeGreaterThan(0.98);
	});

	it("gives a core up within a second when another program takes it, and takes it back", () => {
		const tuner = new ThreadTuner([1, 2], 2);
		const random = seededRandom(1);
		const busy = (threads: number): number => (threads === 1 ? 8 : random() < 0.5 ? 5 : 14);
		run(tuner, 3000, (threads) => (threads === 2 ? 5 : 8));
		run(tuner, 150, busy);
		expect(run(tuner, 1000, busy).get(1)).toBeGreaterThan(0.85);
		run(tuner, 2500, (threads) => (threads === 2 ? 5 : 8));
		expect(run(tuner, 1000, (threads) => (threads === 2 ? 5 : 8)).get(2)).toBeGreaterThan(0.95);
	});

	it("climbs to the best of many counts", () => {
		const tuner = new ThreadTuner([1, 2, 3, 4, 6, 8], 1);
		run(tuner, 3000, (threads) => 60 / threads + threads);
		expect(tuner.threads).toBe(6);
	});

	it("leaves a single core alone, and does not compare steps of different width", () => {
		expect(run(new ThreadTuner([1], 1), 300, () => 5)).toEqual(new Map([[1, expect.closeTo(1)]]));
		const tuner = new ThreadTuner([1, 2], 2);
		for (let step = 0; step < 500; step++) {
			tuner.record(1 + (step % 2), step % 2 === 0 ? 5 : 50);
			expect(tuner.threads).toBe(2);
		}
	});
});
