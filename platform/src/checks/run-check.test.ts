import { describe, expect, it } from "vitest";
import { countsOf, sumCounts } from "./run-check.ts";

describe("countsOf", () => {
	it("counts a command without a report as one", () => {
		expect(countsOf(0, null)).toEqual({ passed: 1, failed: 0, skipped: 0 });
		expect(countsOf(2, null)).toEqual({ passed: 0, failed: 1, skipped: 0 });
	});

	it("never lets a crashed runner pass because its tests did", () => {
		expect(countsOf(1, { passed: 9, failed: 0, skipped: 1 })).toEqual({ passed: 9, failed: 1, skipped: 1 });
		expect(countsOf(1, { passed: 9, failed: 3, skipped: 0 })).toEqual({ passed: 9, failed: 3, skipped: 0 });
	});

	it("adds up", () => {
		expect(
			sumCounts([
				{ passed: 1, failed: 2, skipped: 3 },
				{ passed: 10, failed: 20, skipped: 30 },
			]),
		).toEqual({ passed: 11, failed: 22, skipped: 33 });
	});
});
