import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ComponentRecord, historyLimit, recordCheck } from "./component-record.ts";
import type { Observation } from "./observation.ts";

const intervalMs = 30_000;
const fine: Observation = { outcome: "fine", reason: null, latencyMs: 4 };
const timedOut: Observation = { outcome: "failing", reason: "No answer within 3 s.", latencyMs: null };
const refused: Observation = { outcome: "unreachable", reason: "Nothing listens at its address.", latencyMs: null };
const starting: Observation = { outcome: "impaired", reason: "Loading the model.", latencyMs: 2 };

function after(observations: readonly Observation[]): ComponentRecord {
	const records = observations.reduce<ComponentRecord | undefined>(
		(record, observation, index) => recordCheck(record, observation, { checkedAtMs: index * intervalMs, intervalMs }),
		undefined,
	);
	return records!;
}

describe("recordCheck", () => {
	it("is down at the first refused connection", () => {
		expect(after([fine, refused])).toMatchObject({ state: "down", sinceMs: intervalMs, reason: refused.reason });
	});

	it("takes two failures in a row for down, and one for degraded", () => {
		expect(after([fine, timedOut]).state).toBe("degraded");
		expect(after([fine, timedOut, timedOut])).toMatchObject({ state: "down", sinceMs: intervalMs });
		expect(after([fine, timedOut, fine, timedOut]).state).toBe("degraded");
	});

	it("never calls a part down that answers and says that it is starting", () => {
		expect(after([refused, starting, starting, starting])).toMatchObject({ state: "degraded", sinceMs: 0 });
	});

	it("is up again at the first good answer", () => {
		expect(after([refused, refused, fine])).toMatchObject({ state: "up", reason: null, sinceMs: 2 * intervalMs });
	});

	it("lets a repeated check take the place of the one before", () => {
		const first = recordCheck(undefined, refused, { checkedAtMs: 0, intervalMs });
		const second = recordCheck(first, fine, { checkedAtMs: 2_000, intervalMs, repeats: true });
		expect(second.history).toEqual([{ state: "up", checkedAtMs: 2_000, latencyMs: 4 }]);
	});

	it("fills the time in which nothing was asked with entries without data, and knows nothing about it", () => {
		const before = recordCheck(undefined, fine, { checkedAtMs: 0, intervalMs });
		const later = recordCheck(before, fine, { checkedAtMs: 5 * intervalMs, intervalMs });
		expect(later.history.map(({ state }) => state)).toEqual(["up", "noData", "noData", "noData", "noData", "up"]);
		expect(later.sinceMs).toBe(5 * intervalMs);
	});

	it("keeps a bounded history in the order of time, whatever happens", () => {
		const step = fc.record({
			observation: fc.constantFrom(fine, timedOut, refused, starting),
			waitMs: fc.integer({ min: 1, max: 10_000_000 }),
		});
		fc.assert(
			fc.property(fc.array(step, { minLength: 1, maxLength: 150 }), (steps) => {
				let record: ComponentRecord | undefined;
				let checkedAtMs = 0;
				for (const { observation, waitMs } of steps) {
					checkedAtMs += waitMs;
					record = recordCheck(record, observation, { checkedAtMs, intervalMs });
				}
				const times = record!.history.map((check) => check.checkedAtMs);
				expect(times.length).toBeLessThanOrEqual(historyLimit);
				expect(times).toEqual([...times].sort((a, b) => a - b));
				expect(record!.history.at(-1)).toMatchObject({ state: record!.state, checkedAtMs });
				expect(record!.sinceMs).toBeLessThanOrEqual(checkedAtMs);
			}),
		);
	});
});
