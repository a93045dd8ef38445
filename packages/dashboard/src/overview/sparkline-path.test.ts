import { describe, expect, it } from "vitest";
import { sparklinePath } from "./sparkline-path.ts";

const frame = { width: 100, height: 20, slots: 5 };

describe("a sparkline", () => {
	it("spans the frame from its lowest to its highest value", () => {
		expect(sparklinePath([0, 50, 100, 50, 0], frame)).toBe("M0 20L25 10L50 0L75 10L100 20");
	});

	it("with few values ends at the right edge, where now is", () => {
		expect(sparklinePath([10, 10], frame)).toBe("M75 0L100 0");
		expect(sparklinePath([10], frame)).toBe("M100 0");
	});

	it("shows the latest values when there are too many", () => {
		expect(sparklinePath([9, 9, 0, 0, 0, 0, 0], frame)).toBe("M0 20L25 20L50 20L75 20L100 20");
	});

	it("of nothing but zeros lies on the ground, and of nothing at all is empty", () => {
		expect(sparklinePath([0, 0], frame)).toBe("M75 20L100 20");
		expect(sparklinePath([], frame)).toBe("");
	});
});
