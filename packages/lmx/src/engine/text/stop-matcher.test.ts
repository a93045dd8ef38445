import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { StopMatcher } from "./stop-matcher.ts";

function run(pieces: readonly string[], stops: readonly string[]): { text: string; stop: string | null } {
	const matcher = new StopMatcher(stops);
	let text = "";
	for (const piece of pieces) {
		const result = matcher.push(piece);
		text += result.text;
		if (result.stop !== null) {
			return { text, stop: result.stop };
		}
	}
	return { text: text + matcher.end(), stop: null };
}

describe("StopMatcher", () => {
	it("shows the text before the first stop string, wherever the pieces are cut", () => {
		const letters = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 30 });
		const stops = fc.array(fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 4 }), { maxLength: 3 });
		fc.assert(
			fc.property(fc.array(letters, { maxLength: 8 }), stops, (pieces, stopStrings) => {
				const whole = pieces.join("");
				const places = stopStrings.map((stop) => whole.indexOf(stop)).filter((place) => place >= 0);
				const result = run(pieces, stopStrings);
				expect(result.stop !== null).toBe(places.length > 0);
				if (places.length === 0) {
					expect(result.text).toBe(whole);
				} else {
					expect(whole.startsWith(result.text)).toBe(true);
					expect(stopStrings.some((stop) => result.text.includes(stop))).toBe(false);
					expect(stopStrings).toContain(result.stop);
					expect(whole.startsWith(result.text + result.stop)).toBe(true);
				}
			}),
		);
	});

	it("does not hold text back that cannot become a stop string", () => {
		const matcher = new StopMatcher(["END"]);
		expect(matcher.push("the ").text).toBe("the ");
		expect(matcher.push("E").text).toBe("");
		expect(matcher.push("gg").text).toBe("Egg");
	});
});
