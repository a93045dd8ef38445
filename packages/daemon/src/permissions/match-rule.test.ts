import fc from "fast-check";
import { expect, it } from "vitest";
import { matchesWords } from "./match-rule.ts";

it("matches as the expression that the pattern stands for", () => {
	const letters = fc.array(fc.constantFrom("a", "b", "*", "?", "."), { maxLength: 8 }).map((parts) => parts.join(""));
	const text = fc.array(fc.constantFrom("a", "b", "."), { maxLength: 8 }).map((parts) => parts.join(""));
	fc.assert(
		fc.property(letters, text, (pattern, subject) => {
			const source = pattern.replaceAll(".", "\\.").replaceAll("*", "[^]*").replaceAll("?", "[^]");
			expect(matchesWords(pattern, subject, false)).toBe(new RegExp(`^${source}$`).test(subject));
		}),
	);
});

it("is quick with patterns that are made to be slow", () => {
	const begins = performance.now();
	expect(matchesWords(`${"a*".repeat(500)}b`, "a".repeat(20_000), false)).toBe(false);
	expect(performance.now() - begins).toBeLessThan(2000);
});
