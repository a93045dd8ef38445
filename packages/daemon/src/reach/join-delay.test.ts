import fc from "fast-check";
import { expect, it } from "vitest";
import { joinDelayMs, longestJoinDelayMs } from "./join-delay.ts";

it("waits from one second to one minute, never longer, and longer after more failures", () => {
	expect(joinDelayMs(0, () => 1)).toBe(1000);
	fc.assert(
		fc.property(fc.nat(200), fc.double({ min: 0, max: 1, noNaN: true }), (failures, chance) => {
			const delayMs = joinDelayMs(failures, () => chance);
			expect(delayMs).toBeGreaterThanOrEqual(1000);
			expect(delayMs).toBeLessThanOrEqual(longestJoinDelayMs);
			expect(joinDelayMs(failures + 1, () => chance)).toBeGreaterThanOrEqual(delayMs);
		}),
	);
	expect(joinDelayMs(50, () => 0)).toBe(longestJoinDelayMs / 2);
});
