import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byteVocabulary, endToken } from "../../testing/byte-vocabulary.ts";
import type { Vocabulary } from "../context/inference-context.ts";
import type { GrammarGuide } from "./grammar-guide.ts";
import { createGrammarLoader } from "./load-grammar.ts";

/** All bytes, then tokens of several letters; the last ones are the end and a control token. */
const words = ["{", '{"', '"}', '":', " ", "name", "ab", "abc", "yes", "<tool>", "<tool>{", "tool>", "é", "👋", "true"];
const wordVocabulary: Vocabulary = {
	...byteVocabulary,
	size: 258 + words.length,
	piece: (token) => (token < 256 ? Uint8Array.of(token) : Buffer.from(words[token - 258] ?? "")),
	tokenize: (text) => (text === "<control>" ? Int32Array.of(257) : Int32Array.from(Buffer.from(text))),
};
const tokenOf = (word: string): number => 258 + words.indexOf(word);
const load = createGrammarLoader(wordVocabulary);

const json = `root ::= object
object ::= "{" (pair (", " pair)*)? "}"
pair ::= string ": " value
value ::= object | string | [0-9]{1,3} | "true"
string ::= "\\"" [^"\\x00-\\x1f]{0,8} "\\""`;

function allowed(guide: GrammarGuide): Set<number> {
	const scores = new Float32Array(wordVocabulary.size).fill(1);
	const found = new Float32Array(wordVocabulary.size);
	guide.allow(scores, found);
	return new Set([...found.keys()].filter((token) => found[token] === 1));
}

describe("a grammar", () => {
	it("lets the same tokens through one by one and all at once, and always a text that follows it", () => {
		const grammars = fc.constantFrom(
			json,
			'root ::= "yes" | "no"',
			'root ::= ("ab" | [a-cé👋])+ "."',
			"root ::= [^a-z]{2,4}",
			'root ::= ("a" | <control>)+',
		);
		fc.assert(
			fc.property(grammars, fc.array(fc.nat(), { maxLength: 25 }), (gbnf, choices) => {
				const guide = load({ gbnf, triggers: null });
				for (const choice of choices) {
					const tokens = allowed(guide);
					for (let token = 0; token < wordVocabulary.size; token++) {
						expect(guide.allows(token)).toBe(tokens.has(token));
					}
					const next = [...tokens][choice % tokens.size];
					if (next === undefined || next === endToken) {
						break;
					}
					expect(guide.isComplete).toBe(false);
					guide.accept(next);
				}
			}),
			{ numRuns: 60 },
		);
	});

	it("ends where nothing may follow, and lets the model end where something may", () => {
		const guide = load({ gbnf: 'root ::= "yes" "!"?', triggers: null });
		expect(guide.allows(endToken)).toBe(false);
		guide.accept(tokenOf("yes"));
		expect(guide.allows(endToken)).toBe(true);
		expect(guide.isComplete).toBe(false);
		guide.accept("!".charCodeAt(0));
		expect(guide.isComplete).toBe(true);
	});

	it("takes a character that comes in several tokens only where it fits", () => {
		const guide = load({ gbnf: 'root ::= [é-ê] "."', triggers: null });
		const [first, second] = Buffer.from("é");
		expect(guide.allows(0xc2)).toBe(false);
		guide.accept(first!);
		expect(guide.allows(0xaa)).toBe(true);
		expect(guide.allows(0xab)).toBe(false);
		expect(guide.allows(endToken)).toBe(false);
		guide.accept(second!);
		expect(guide.allows(46)).toBe(true);
	});

	it("lets no bytes through that are not UTF-8", () => {
		const guide = load({ gbnf: "root ::= .+", triggers: null });
		fc.assert(
			fc.property(fc.array(fc.nat(), { maxLength: 12 }), (choices) => {
				const each = load({ gbnf: "root ::= .+", triggers: null });
				const bytes: number[] = [];
				for (const choice of choices) {
					const next = [...allowed(each)].filter((token) => token > 127 && token < 256);
					const byte = next[choice % next.length]!;
					each.accept(byte);
					bytes.push(byte);
				}
				const rest = Buffer.from(bytes).toString();
				expect(rest.slice(0, -1)).not.toContain("\ufffd");
			}),
		);
		for (const wrong of [0x80, 0xc0, 0xc1, 0xf5, 0xff]) {
			expect(guide.allows(wrong)).toBe(false);
		}
		guide.accept(0xe0);
		expect(guide.allows(0x9f)).toBe(false);
		const brace = load({ gbnf: 'root ::= "{"', triggers: null });
		expect(allowed(brace)).toEqual(new Set([123, tokenOf("{")]));
	});

	it("knows tokens by name and by number", () => {
		const guide = load({ gbnf: "root ::= <control> !<[258]> <[97]>", triggers: null });
		expect(allowed(guide)).toEqual(new Set([257]));
		guide.accept(257);
		expect(guide.allows(258)).toBe(false);
		guide.accept(259);
		expect(allowed(guide)).toEqual(new Set([97]));
	});

	it("is refused by name when it cannot be read", () => {
		expect(() => load({ gbnf: "root ::= (", triggers: null })).toThrow(
			expect.objectContaining({ code: "invalid_request", param: "grammar", message: expect.stringContaining("line 1, column 11") }),
		);
	});
});

describe("a grammar with triggers", () => {
	const gbnf = 'root ::= "<tool>" [a-z]+ ";"';

	it("holds from the trigger on, however its letters are cut", () => {
		for (const pieces of [["<tool>"], ["<", "tool>"], [..."<tool>"]]) {
			const guide = load({ gbnf, triggers: ["<tool>", "<fun>"] });
			for (const text of ["Hi ", "{"]) {
				for (const byte of Buffer.from(text)) {
					expect(guide.allows(byte)).toBe(true);
					guide.accept(byte);
				}
			}
			expect(guide.allows(endToken)).toBe(true);
			for (const piece of pieces) {
				guide.accept(words.includes(piece) ? tokenOf(piece) : piece.charCodeAt(0));
			}
			expect(guide.allows(tokenOf("{"))).toBe(false);
			expect(guide.allows(endToken)).toBe(false);
			guide.accept(tokenOf("abc"));
			guide.accept(59);
			expect(guide.isComplete).toBe(true);
		}
	});

	it("refuses a token that brings the trigger and something wrong after it", () => {
		const guide = load({ gbnf, triggers: ["<tool>"] });
		expect(guide.allows(tokenOf("<tool>{"))).toBe(false);
		expect(allowed(guide)).not.toContain(tokenOf("<tool>{"));
		expect(allowed(guide)).toContain(tokenOf("<tool>"));
	});
});
