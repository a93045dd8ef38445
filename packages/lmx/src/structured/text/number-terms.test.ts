import fc from "fast-check";
import { expect, it } from "vitest";
import { boundedNumber } from "./number-terms.ts";
import { Terms } from "./terms.ts";

const bound = fc.option(
	fc.tuple(fc.integer({ min: -3000, max: 3000 }), fc.constantFrom(1, 10, 100)).map(([value, divisor]) => value / divisor),
);
const written = fc
	.tuple(fc.boolean(), fc.integer({ min: 0, max: 4000 }), fc.option(fc.stringMatching(/^\d{1,3}$/)))
	.map(([isNegative, whole, fraction]) => `${isNegative ? "-" : ""}${whole}${fraction === null ? "" : `.${fraction}`}`);

it("allows exactly the numbers within the bounds", () => {
	fc.assert(
		fc.property(bound, bound, fc.boolean(), fc.boolean(), fc.boolean(), written, (min, max, excludesMin, excludesMax, isInteger, text) => {
			const terms = new Terms();
			const value = Number(text);
			const isInside =
				(min === null || (excludesMin ? value > min : value >= min)) && (max === null || (excludesMax ? value < max : value <= max));
			const isWritable = !Object.is(value, -0) && !(isInteger && text.includes("."));
			const language = boundedNumber(terms, isInteger, { min, max, excludesMin, excludesMax });
			expect(terms.matches(language, text)).toBe(isInside && isWritable);
		}),
		{ numRuns: 600 },
	);
});
