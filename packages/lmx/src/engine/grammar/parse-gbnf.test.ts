import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GrammarMachine, type GrammarState } from "./grammar-machine.ts";
import { parseGbnf } from "./parse-gbnf.ts";

const noTokens = (): null => null;

/** How a grammar judges a text: complete, a beginning, or wrong. */
function judge(grammar: string, text: string): "whole" | "part" | "wrong" {
	const machine = new GrammarMachine(parseGbnf(grammar, noTokens));
	let state: GrammarState | null = machine.start;
	for (const character of text) {
		state = state && machine.after(state, character.codePointAt(0)!);
	}
	return state === null ? "wrong" : state.canEnd ? "whole" : "part";
}

describe("parseGbnf", () => {
	it.each([
		['root ::= "yes" | "no"', ["yes", "no"], ["y", ""], ["maybe", "yesno", "yesn"]],
		["root ::= [a-c]+ [^a-c]?", ["a", "abc", "abcx"], [""], ["x", "axx"]],
		['root ::= "ab"{2,3} "!"', ["abab!", "ababab!"], ["ab", "ababab"], ["ab!", "abababab"]],
		['root ::= "a"{2}', ["aa"], ["a"], ["aaa"]],
		['root ::= "a"{2,}', ["aa", "aaaaa"], ["a"], ["b"]],
		['root ::= ("a" | "b"\n c)* "." # a comment\nc ::= "c"', [".", "abc.", "bcbca."], ["ab"], ["b.", "c"]],
		['root ::= "\\x41\\u00e9\\U0001F44B\\n\\t\\r\\\\\\""', ['Aé👋\n\t\r\\"'], ["A"], ["a"]],
		["root ::= [\\]\\-x-]", ["]", "-", "x"], [""], ["\\"]],
		["root ::= . .", ["a\n", "👋é"], ["a"], ["abc"]],
		['root ::= list\nlist ::= "[" (list ("," list)*)? "]"', ["[]", "[[],[[]]]"], ["[", "[[]"], ["[,]", "]"]],
		['root ::= (("a"?)*){3,5} "b"', ["b", "aaaaaaaaab"], ["a", ""], ["c"]],
	])("%s", (grammar, whole, part, wrong) => {
		expect(whole.map((text) => judge(grammar, text))).toEqual(whole.map(() => "whole"));
		expect(part.map((text) => judge(grammar, text))).toEqual(part.map(() => "part"));
		expect(wrong.map((text) => judge(grammar, text))).toEqual(wrong.map(() => "wrong"));
	});

	it("agrees with regular expressions about nested repetitions", () => {
		const times = fc.constantFrom("", "*", "+", "?", "{2}", "{1,3}", "{0,2}", "{2,}");
		const { expression } = fc.letrec<{ expression: string; item: string }>((tie) => ({
			item: fc.oneof(
				{ depthSize: "small" },
				fc.constantFrom("a", "b"),
				fc.tuple(tie("expression")).map(([inner]) => `(${inner})`),
			),
			expression: fc
				.array(fc.array(fc.tuple(tie("item"), times), { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 2 })
				.map((alternatives) => alternatives.map((sequence) => sequence.map(([item, count]) => item + count).join(" ")).join("|")),
		}));
		const text = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 6 });
		fc.assert(
			fc.property(expression, fc.array(text, { maxLength: 12 }), (source, texts) => {
				const regular = new RegExp(`^(?:${source.replaceAll(" ", "")})$`);
				const grammar = `root ::= ${source.replace(/[ab]/g, '"$&"')}`;
				for (const candidate of texts) {
					expect(judge(grammar, candidate) === "whole", `${grammar} on ${candidate}`).toBe(regular.test(candidate));
				}
			}),
			{ numRuns: 100 },
		);
	});

	it("counts as far as it is told", () => {
		const grammar = "root ::= [a-z]{0,5000}";
		expect(judge(grammar, "x".repeat(5000))).toBe("whole");
		expect(judge(grammar, "x".repeat(5001))).toBe("wrong");
	});

	it.each([
		["root ::= ", "whole"],
		["root = a", 'line 1, column 6: expected ::=, found "="'],
		['root ::= "a', 'line 1, column 12: expected "\\"", found the end'],
		['root ::= "a"\nb ::= (a', 'line 2, column 9: expected ")", found the end'],
		["root ::= [a", 'expected "]", found the end'],
		['root ::= "\\q"', "a known escape"],
		['root ::= "\\u12"', "4 hexadecimal digits"],
		['root ::= "a"{3,1}', "at least 3"],
		["root ::= a", 'the rule "a" is used, but not defined'],
		['a ::= "a"', 'no rule named "root"'],
		['root ::= root "a" | "b"', 'the rule "root" can begin with itself'],
		['root ::= a? b\na ::= "x"\nb ::= a* root', "can begin with itself"],
		[`root ::= ${"(".repeat(100_000)}`, "groups within groups"],
		["root ::= <nothing>", "<nothing> is not one token"],
		["root ::= ) ", "expected the end of the line"],
	])("says what is wrong: %j", (grammar, message) => {
		if (message === "whole") {
			expect(judge(grammar, "")).toBe("whole");
		} else {
			expect(() => parseGbnf(grammar, noTokens)).toThrow(message);
		}
	});

	it("survives grammars made to take for ever", () => {
		const ambiguous = `root ::= ${"(a | b) ".repeat(200)}\na ::= "x"? | "x" "x"? | c\nb ::= ("x" | "xx")*\nc ::= b | "x"{0,100}`;
		const startMs = performance.now();
		expect(judge(ambiguous, "x".repeat(50))).toBe("whole");
		expect(performance.now() - startMs).toBeLessThan(8000);
	});
});
