import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byteVocabulary } from "../../testing/byte-vocabulary.ts";
import { plainSampling } from "../../testing/plain-sampling.ts";
import { createGrammarLoader } from "../grammar/load-grammar.ts";
import type { SamplingSettings } from "./sampler.ts";
import { TokenChooser } from "./token-chooser.ts";

const free = (): boolean => false;
const greedy = { ...plainSampling, temperature: 0 };

function chooser(settings: Partial<SamplingSettings>, options: { prompt?: number[]; gbnf?: string } = {}): TokenChooser {
	const grammar = options.gbnf === undefined ? null : createGrammarLoader(byteVocabulary)({ gbnf: options.gbnf, triggers: null });
	return new TokenChooser({ ...greedy, ...settings }, Int32Array.from(options.prompt ?? []), grammar);
}

/** Scores of the byte vocabulary: those given by letter, -10 for all others. */
function scoresOf(given: Record<string, number>): Float32Array {
	const scores = new Float32Array(byteVocabulary.size).fill(-10);
	for (const [letter, score] of Object.entries(given)) {
		scores[letter.charCodeAt(0)] = score;
	}
	return scores;
}

const letter = (token: number | null): string => (token === null ? "" : String.fromCharCode(token));

describe("penalties", () => {
	it("count every earlier use, or only that there was one", () => {
		const counted = chooser({ frequencyPenalty: 1 });
		const scores = scoresOf({ a: 2.5, b: 1 });
		const drawn = Array.from({ length: 5 }, () => {
			const token = counted.choose(scores, free);
			counted.accept(token!, false);
			return letter(token);
		});
		expect(drawn.join("")).toBe("aabab");
		const once = chooser({ presencePenalty: 1 });
		once.accept(97, false);
		once.accept(97, false);
		expect(letter(once.choose(scoresOf({ a: 2.5, b: 1.4 }), free))).toBe("a");
		expect(letter(once.choose(scoresOf({ a: 2.5, b: 1.6 }), free))).toBe("b");
	});

	it("leave the prompt alone, but for the repeat penalty, which looks 64 tokens back", () => {
		const scores = scoresOf({ a: 2, b: 1.5 });
		const prompt = [97];
		expect(letter(chooser({ frequencyPenalty: 2, presencePenalty: 2 }, { prompt }).choose(scores, free))).toBe("a");
		const repeat = chooser({ repeatPenalty: 2 }, { prompt });
		expect(letter(repeat.choose(scores, free))).toBe("b");
		for (let count = 0; count < 64; count++) {
			repeat.accept(99, false);
		}
		expect(letter(repeat.choose(scores, free))).toBe("a");
	});

	it("make a likely token of an unlikely one by a bias, and forbid one", () => {
		expect(letter(chooser({ logitBias: [[98, 100]] }).choose(scoresOf({ a: 20 }), free))).toBe("b");
		expect(letter(chooser({ logitBias: [[97, -100]] }).choose(scoresOf({ a: 20, b: 1 }), free))).toBe("b");
		expect(letter(chooser({ logitBias: [[999_999, 5]] }).choose(scoresOf({ a: 1 }), free))).toBe("a");
	});

	it("leave the scores as they were", () => {
		const settings = fc.record({
			frequencyPenalty: fc.double({ min: -2, max: 2, noNaN: true }),
			presencePenalty: fc.double({ min: -2, max: 2, noNaN: true }),
			repeatPenalty: fc.double({ min: 0.1, max: 4, noNaN: true }),
			logitBias: fc.array(fc.tuple(fc.nat(300), fc.double({ min: -100, max: 100, noNaN: true }))),
		});
		fc.assert(
			fc.property(settings, fc.array(fc.nat(256)), (chosen, accepted) => {
				const each = chooser(chosen, { prompt: accepted.slice(0, 5) });
				const scores = Float32Array.from({ length: byteVocabulary.size }, (_, token) => Math.sin(token) * 10);
				const before = scores.slice();
				for (const token of accepted) {
					each.accept(token, false);
				}
				each.choose(scores, free);
				expect(scores).toEqual(before);
			}),
			{ numRuns: 50 },
		);
	});
});

describe("a grammar", () => {
	it("keeps the probabilities of the tokens that it lets through", () => {
		const scores = scoresOf({ a: Math.log(30), b: Math.log(60), c: Math.log(10), d: 8 });
		const counts: Record<string, number> = { a: 0, b: 0, c: 0 };
		for (let seed = 0; seed < 6000; seed++) {
			const drawn = letter(chooser({ temperature: 1, seed }, { gbnf: "root ::= [abc]" }).choose(scores, free));
			counts[drawn] = (counts[drawn] ?? 0) + 1;
		}
		expect(Object.keys(counts)).toEqual(["a", "b", "c"]);
		expect(counts.a! / 6000).toBeCloseTo(0.3, 1);
		expect(counts.b! / 6000).toBeCloseTo(0.6, 1);
	});

	it("does not see tokens that are free of it", () => {
		const each = chooser({}, { gbnf: 'root ::= "x"' });
		expect(letter(each.choose(scoresOf({ a: 5 }), () => true))).toBe("a");
		each.accept(97, true);
		expect(letter(each.choose(scoresOf({ a: 5 }), free))).toBe("x");
		each.accept(120, false);
		expect(each.isComplete).toBe(true);
	});

	it("draws nothing where no token follows", () => {
		const each = chooser({ temperature: 1 }, { gbnf: "root ::= <[999999]>" });
		expect(each.choose(scoresOf({ a: 5 }), free)).toBeNull();
	});
});
