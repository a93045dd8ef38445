import fc from "fast-check";
import { expect, it } from "vitest";
import { byteVocabulary, endToken } from "../../testing/byte-vocabulary.ts";
import { measureToken } from "./logprobs.ts";

const values = fc.array(fc.float({ noNaN: true, min: -80, max: 80 }), { minLength: byteVocabulary.size, maxLength: byteVocabulary.size });

it("gives probabilities that add up to 1 over the vocabulary", () => {
	fc.assert(
		fc.property(values, (raw) => {
			const scores = Float32Array.from(raw);
			let sum = 0;
			for (let token = 0; token < scores.length; token++) {
				sum += Math.exp(measureToken(byteVocabulary, scores, token, 0).logprob);
			}
			expect(sum).toBeCloseTo(1, 6);
		}),
		{ numRuns: 20 },
	);
});

it("lists the most likely tokens in order, the drawn one with the same probability", () => {
	fc.assert(
		fc.property(values, fc.integer({ min: 1, max: 20 }), (raw, top) => {
			const scores = Float32Array.from(raw);
			const measured = measureToken(byteVocabulary, scores, scores.indexOf(Math.max(...scores)), top);
			const found = measured.top_logprobs.map(({ logprob }) => logprob);
			expect(found).toHaveLength(top);
			expect(found).toEqual([...found].sort((a, b) => b - a));
			expect(measured.logprob).toBe(found[0]);
		}),
		{ numRuns: 20 },
	);
});

it("spells tokens, also a part of a character and a control token", () => {
	const scores = new Float32Array(byteVocabulary.size);
	expect(measureToken(byteVocabulary, scores, 97, 0)).toMatchObject({ token: "a", bytes: [97], top_logprobs: [] });
	expect(measureToken(byteVocabulary, scores, 0xc3, 0)).toMatchObject({ token: "\ufffd", bytes: [0xc3] });
	expect(measureToken(byteVocabulary, scores, endToken, 0).token).toBe("<|end|>");
});
