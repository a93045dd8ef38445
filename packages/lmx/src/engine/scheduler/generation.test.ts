import { describe, expect, it } from "vitest";
import { byteVocabulary, endToken } from "../../testing/byte-vocabulary.ts";
import { plainSampling } from "../../testing/plain-sampling.ts";
import { createGrammarLoader } from "../grammar/load-grammar.ts";
import { createPieceTexts } from "../text/token-text.ts";
import { Generation, type GenerationRequest, type GenerationResult } from "./generation.ts";

const loadGrammar = createGrammarLoader(byteVocabulary);
const thinking = {
	marks: { open: "<think>", close: "</think>" },
	startsInside: true,
	budgetTokens: null,
	closing: byteVocabulary.tokenize("</think>", { special: true, begin: false }),
};

/** What is heard of an answer when the model would say `wish`, one byte at a time, and then end. */
function answer(wish: string, extra: Partial<GenerationRequest>): { text: string; tokens: number; result: GenerationResult | null } {
	const heard = { text: "", tokens: 0, result: null as GenerationResult | null };
	const generation = new Generation(
		{
			id: "r",
			prompt: Int32Array.of(1),
			maxTokens: 200,
			sampling: { ...plainSampling, temperature: 0 },
			stops: [],
			grammar: null,
			logprobs: null,
			thinking: null,
			priority: "normal",
			client: "test",
			...extra,
		},
		{
			onText(text, logprobs) {
				heard.text += text;
				heard.tokens += logprobs.length;
			},
			onEnd(result) {
				heard.result = result;
			},
			onError: () => undefined,
		},
		{ vocabulary: byteVocabulary, pieceTexts: createPieceTexts(byteVocabulary), contextTokens: 500 },
	);
	const bytes = Buffer.from(wish);
	for (let step = 0; step < 300; step++) {
		const scores = new Float32Array(byteVocabulary.size);
		scores[bytes[step] ?? endToken] = 1;
		if (generation.take(scores, step)) {
			break;
		}
	}
	return heard;
}

describe("an answer with thoughts", () => {
	it("holds the grammar only after them", () => {
		const grammar = loadGrammar({ gbnf: 'root ::= "{" [0-9]{2} "}"', triggers: null });
		const { text, result } = answer("hm {x</think>{42}!", { thinking, grammar });
		expect(text).toBe("hm {x</think>{42}");
		expect(result).toMatchObject({ finishReason: "stop", reasoningTokens: 13 });
	});

	it("is made to end them when the budget is spent", () => {
		const { text, result } = answer("abcdefghijklmnopqrstuvwxyz", { thinking: { ...thinking, budgetTokens: 4 } });
		expect(text).toBe("abcd</think>mnopqrstuvwxyz");
		expect(result).toMatchObject({ reasoningTokens: 12, completionTokens: 27 });
	});
});

describe("an answer", () => {
	it("ends where its grammar ends, without waiting for the model to end it", () => {
		const grammar = loadGrammar({ gbnf: 'root ::= "yes"', triggers: null });
		expect(answer("yes, of course", { grammar })).toMatchObject({ text: "yes", result: { finishReason: "stop", completionTokens: 3 } });
	});

	it("shows what a stop string held back when its grammar ends", () => {
		const grammar = loadGrammar({ gbnf: 'root ::= "a b"', triggers: null });
		expect(answer("a b", { grammar, stops: [" bc"] })).toMatchObject({ text: "a b", result: { finishReason: "stop" } });
	});

	it("has one probability per token shown, none of a stop string", () => {
		expect(answer("onetwo three", { logprobs: 2, stops: [" th"] })).toMatchObject({ text: "onetwo", tokens: 6 });
	});

	it("may end where a lazy grammar has not begun", () => {
		const grammar = loadGrammar({ gbnf: 'root ::= "<call>" [a-z]+', triggers: ["<call>"] });
		expect(answer("no call", { grammar })).toMatchObject({ text: "no call", result: { finishReason: "stop" } });
	});
});
