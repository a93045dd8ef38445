import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decideRestart, defaultRestartPolicy, type RestartPolicy } from "./restart-policy.ts";

const policy: RestartPolicy = { maxRestarts: 3, windowMs: 1000, firstDelayMs: 100, maxDelayMs: 250 };

describe("decideRestart", () => {
	it("doubles the wait up to its limit", () => {
		const delays = [[], [0], [0, 0]].map((times) => {
			const decision = decideRestart(policy, times, 10, 1);
			return decision.restart ? decision.delayMs : null;
		});
		expect(delays).toEqual([100, 200, 250]);
	});

	it("gives up when the window is full, and tries again once the old restarts have left it", () => {
		expect(decideRestart(policy, [0, 10, 20], 900, 0.5)).toEqual({ restart: false });
		expect(decideRestart(policy, [0, 10, 20], 1015, 0)).toEqual({ restart: true, delayMs: 100, restartTimesMs: [20, 1015] });
	});

	it("never restarts more often than allowed in any window, whatever the times of the crashes", () => {
		const pauses = fc.array(fc.nat(30_000), { minLength: 1, maxLength: 60 });
		fc.assert(
			fc.property(pauses, fc.double({ min: 0, max: 1, noNaN: true }), (pausesMs, random) => {
				let nowMs = 0;
				let memory: readonly number[] = [];
				const restartsMs: number[] = [];
				for (const pauseMs of pausesMs) {
					nowMs += pauseMs;
					const decision = decideRestart(defaultRestartPolicy, memory, nowMs, random);
					if (!decision.restart) {
						continue;
					}
					expect(decision.delayMs).toBeGreaterThan(0);
					expect(decision.delayMs).toBeLessThanOrEqual(defaultRestartPolicy.maxDelayMs);
					memory = decision.restartTimesMs;
					restartsMs.push(nowMs);
				}
				for (const endMs of restartsMs) {
					const inWindow = restartsMs.filter((timeMs) => timeMs <= endMs && endMs - timeMs < defaultRestartPolicy.windowMs);
					expect(inWindow.length).toBeLessThanOrEqual(defaultRestartPolicy.maxRestarts);
				}
			}),
		);
	});
});
