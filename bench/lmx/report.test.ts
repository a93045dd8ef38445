import { describe, expect, it } from "vitest";
import { reportLine } from "./report.ts";

const figure = { label: "speed", unit: "tok/s" } as const;

describe("reportLine", () => {
	it("compares medians with the other server", () => {
		const line = reportLine({
			figure: { ...figure, bar: { kind: "ratioAtLeast", value: 1.15 } },
			own: [90, 120, 118],
			other: [100, 101, 1],
		});
		expect(line.replace(/ +/g, " ")).toBe("speed, tok/s 118 100 1.18 ≥ 1.15 × met");
	});

	it("says what missed its bar, and nothing where there is nothing to compare with", () => {
		expect(reportLine({ figure: { ...figure, bar: { kind: "atMost", value: 4 } }, own: [5], other: [] })).toContain("MISSED");
		expect(reportLine({ figure: { ...figure, bar: { kind: "ratioAtMost", value: 1 } }, own: [5], other: [] })).not.toMatch(/met|MISSED/);
	});
});
