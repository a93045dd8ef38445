import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PatternRefusal, parsePattern } from "./parse-pattern.ts";
import { Terms } from "./terms.ts";

const patterns = [
	"^[a-c]+$",
	"abc",
	"^a|b$",
	"^(a|bc)*c?$",
	"^a{2,3}b{2}$",
	"^a{2,}?$",
	"^[^ab]c$",
	"^(?!a)[abc]{1,3}$",
	"^(?=.*c)(?!.*bb)[abc]*$",
	"^a(?!b).*$",
	"^\\w\\d?$",
	"^.a.$",
	"",
	"^$",
	"^(?<name>a)(?:b)$",
	"^[a\\-c\\]]$",
	"\\u0061\\x62|\\u{63}",
	"^(a?){3}$",
	"^(|a)b$",
	"[\\s\\S]a",
];

describe("parsePattern", () => {
	it.each(patterns)("agrees with the regular expressions of the language on %s", (pattern) => {
		const expression = new RegExp(pattern, "u");
		const terms = new Terms();
		const language = parsePattern(terms, pattern);
		const texts = fc.string({ unit: fc.constantFrom("a", "b", "c", "1", "-", "]", "\n", "😀"), maxLength: 7 });
		fc.assert(
			fc.property(texts, (text) => {
				expect(terms.matches(language, text)).toBe(expression.test(text));
			}),
			{ numRuns: 400 },
		);
	});

	it.each([
		["a(^b)", "anchor"],
		["^a$b", "anchor"],
		["(a)\\1", "\\1"],
		["\\bword", "\\b"],
		["(?<=a)b", "looks ahead or back"],
		["(a(?!b))", "looks ahead or back"],
		["\\p{Letter}", "\\p"],
		["a{5000}", "more than 1000"],
		["(", "not a valid regular expression"],
	])("says why it refuses %s", (pattern, reason) => {
		expect(() => parsePattern(new Terms(), pattern)).toThrow(PatternRefusal);
		expect(() => parsePattern(new Terms(), pattern)).toThrow(reason);
	});
});
