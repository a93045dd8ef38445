import fc from "fast-check";
import { expect, it } from "vitest";
import { defaultRestartWaits, restartWaitMs } from "./restart-wait.ts";

it("waits longer and longer, never longer than a minute, and never for ever", () => {
	expect([1, 2, 3, 7, 8, 100, 10_000].map((failures) => restartWaitMs(defaultRestartWaits, failures, 1))).toEqual([
		1000, 2000, 4000, 60_000, 60_000, 60_000, 60_000,
	]);
});

it("spreads the restarts of many hosts over half of the wait", () => {
	fc.assert(
		fc.property(fc.nat(1000), fc.double({ min: 0, max: 1, noNaN: true }), (failures, random) => {
			const most = restartWaitMs(defaultRestartWaits, failures, 1);
			const wait = restartWaitMs(defaultRestartWaits, failures, random);
			expect(wait).toBeGreaterThanOrEqual(most / 2);
			expect(wait).toBeLessThanOrEqual(most);
		}),
	);
});
