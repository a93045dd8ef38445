import { type LmxEvent, lmxEventSchema } from "@opta/contracts/schema/lmx-events";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CurrentState } from "./current-state.ts";

const at = "2026-07-01T10:00:00.000Z";
const model = fc.constantFrom("a", "b");

const anyEvent: fc.Arbitrary<LmxEvent> = fc.oneof(
	fc
		.record({ model, state: fc.constantFrom("unloaded", "loading", "ready", "restarting", "failed") })
		.map((fields) => ({ type: "model.state", at, reason: null, ...fields }) as const),
	model.map((name) => ({ type: "model.progress", at, model: name, stage: "reading", fraction: 0.5 }) as const),
	fc
		.record({ job: fc.constantFrom("j1", "j2"), state: fc.constantFrom("queued", "running", "paused", "succeeded", "failed", "cancelled") })
		.map(
			(fields) =>
				({
					type: "job.updated",
					at,
					kind: "download",
					model: "a",
					doneBytes: 1,
					totalBytes: 2,
					bytesPerSecond: null,
					etaMs: null,
					fraction: null,
					message: null,
					...fields,
				}) as const,
		),
	model.map((name) => ({ type: "models.changed" as const, at, added: [], removed: [name] })),
	model.map((name) => ({ type: "model.evicted", at, model: name, reason: "memory", freedBytes: null }) as const),
	fc.nat(9).map((active) => ({ type: "requests.load", at, active, queued: 0, tokensPerSecond: 0, promptTokensPerSecond: 0 }) as const),
);

function stateAfter(events: readonly LmxEvent[]): LmxEvent[] {
	const state = new CurrentState();
	for (const event of events) {
		state.apply(event);
	}
	return state.events();
}

describe("CurrentState", () => {
	it("leaves a reader of the snapshot where a reader of everything is", () => {
		fc.assert(
			fc.property(fc.array(anyEvent), fc.array(anyEvent), (before, live) => {
				expect(stateAfter([...stateAfter(before), ...live])).toEqual(stateAfter([...before, ...live]));
			}),
		);
	});

	it("holds at most one event for each thing, all of them valid", () => {
		fc.assert(
			fc.property(fc.array(anyEvent), (events) => {
				const state = stateAfter(events);
				expect(state.length).toBeLessThanOrEqual(7);
				for (const event of state) {
					lmxEventSchema.parse(event);
				}
			}),
		);
	});

	it("forgets progress when the load ends, jobs when they end, and models that were removed", () => {
		const job = { type: "job.updated", at, job: "j", kind: "bench", model: "a", doneBytes: null, totalBytes: null } as const;
		const rest = { bytesPerSecond: null, etaMs: null, fraction: null, message: null };
		expect(
			stateAfter([
				{ type: "model.state", at, model: "a", state: "loading", reason: null },
				{ type: "model.progress", at, model: "a", stage: "reading", fraction: 0.2 },
				{ ...job, ...rest, state: "running" },
				{ type: "model.state", at, model: "a", state: "ready", reason: null },
				{ type: "model.state", at, model: "b", state: "ready", reason: null },
				{ type: "models.changed", at, added: [], removed: ["b"] },
				{ ...job, ...rest, state: "succeeded" },
			]),
		).toEqual([{ type: "model.state", at, model: "a", state: "ready", reason: null }]);
	});
});
