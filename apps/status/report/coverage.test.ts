import type { ComponentState } from "@opta/contracts/schema/status-report";
import { describe, expect, it } from "vitest";
import { coverage } from "./coverage.ts";

function checks(states: readonly ComponentState[]) {
	return states.map((state) => ({ state, checkedAt: "2026-11-21T12:00:00Z", latencyMs: null }));
}

describe("coverage", () => {
	it("never rounds a failure away", () => {
		const states = Array.from({ length: 59 }, (): ComponentState => "up");
		expect(coverage(checks([...states, "down"]))).toEqual({ well: 59, made: 60, wellPercent: 98.3 });
		expect(coverage(checks([...Array.from({ length: 9_999 }, (): ComponentState => "up"), "degraded"])).wellPercent).toBe(99.9);
	});

	it("counts checks that were not made neither as well nor as failed", () => {
		expect(coverage(checks(["noData", "up", "noData", "up"]))).toEqual({ well: 2, made: 2, wellPercent: 100 });
		expect(coverage(checks(["noData"]))).toEqual({ well: 0, made: 0, wellPercent: null });
	});
});
