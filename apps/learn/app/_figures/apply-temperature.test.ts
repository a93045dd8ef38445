import { describe, expect, it } from "vitest";
import { applyTemperature } from "./apply-temperature.ts";

const probabilities = [0.5, 0.25, 0.125];

describe("applyTemperature", () => {
	it("gives everything to the favourite at 0", () => {
		expect(applyTemperature(probabilities, 0)).toEqual([1, 0, 0]);
	});

	it("only scales at 1", () => {
		expect(applyTemperature(probabilities, 1).map((value) => Number(value.toFixed(3)))).toEqual([0.571, 0.286, 0.143]);
	});

	it.each([0.01, 0.3, 1.7, 2])("sums to 1 at %d and keeps the order", (temperature) => {
		const result = applyTemperature(probabilities, temperature);
		expect(result.reduce((total, value) => total + value, 0)).toBeCloseTo(1);
		expect([...result].sort((a, b) => b - a)).toEqual(result);
	});

	it("evens out as it rises", () => {
		expect(applyTemperature(probabilities, 2)[0]).toBeLessThan(applyTemperature(probabilities, 1)[0] ?? 0);
	});
});
