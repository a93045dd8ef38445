import type { ComponentReport } from "@opta/contracts/schema/status-report";
import { expect, it } from "vitest";
import { currentState } from "./current-state.ts";

const checkedAt = "2026-11-21T12:00:00.000Z";
const up: ComponentReport = {
	id: "lmx",
	title: "LMX",
	group: "inference",
	state: "up",
	reason: null,
	latencyMs: 3,
	checkedAt,
	since: checkedAt,
	history: [],
};
const at = (ageMs: number) => Date.parse(checkedAt) + ageMs;

it("trusts a check for two intervals, and no longer", () => {
	expect(currentState(up, 30_000, at(60_000)).state).toBe("up");
	expect(currentState(up, 30_000, at(60_001))).toMatchObject({
		state: "noData",
		since: null,
		reason: expect.stringContaining("was up then"),
	});
});

it("leaves room for slow checks where the interval is short", () => {
	expect(currentState(up, 250, at(3_500)).state).toBe("up");
});
