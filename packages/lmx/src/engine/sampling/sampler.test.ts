import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainSampling } from "../../testing/plain-sampling.ts";
import { createSampler, type SamplingSettings } from "./sampler.ts";
import { createCandidates, takeTop } from "./top-candidates.ts";

const all = plainSampling;

function shares(scores: number[], settings: Partial<SamplingSettings>, draws = 20_000): number[] {
	const sample = createSampler({ ...all, ...settings });
	const row = Float32Array.from(scores);
	const counts = scores.map(() => 0);
	for (let index = 0; index < draws; index++) {
		const token = sample(row);
		counts[token] = (counts[token] ?? 0) + 1;
	}
	return counts.map((count) => count / draws);
}

describe("takeTop", () => {
	it("finds the same best tokens as a full sort", () => {
		fc.assert(
			fc.property(
				fc.array(fc.float({ noNaN: true }), { minLength: 1, maxLength: 300 }),
				fc.integer({ min: 1, max: 60 }),
				(values, limit) => {
					const scores = Float32Array.from(values);
					const candidates = createCandidates(scores.length);
					takeTop(scores, limit, Number.NEGATIVE_INFINITY, candidates);
					const sorted = Array.from(scores).sort((a, b) => b - a);
					expect(Array.from(candidates.scores.subarray(0, candidates.count))).toEqual(sorted.slice(0, limit));
					for (let index = 0; index < candidates.count; index++) {
						expect(scores[candidates.tokens[index]!]).toBe(candidates.scores[index]);
					}
				},
			),
		);
	});
});

describe("createSampler", () => {
	it("takes the best token at temperature 0", () => {
		expect(createSampler({ ...all, temperature: 0 })(Float32Array.from([1, 5, 3]))).toBe(1);
	});

	it("draws by probability", () => {
		const [a = 0, b = 0] = shares([Math.log(3), 0], {});
		expect(a).toBeCloseTo(0.75, 1);
		expect(b).toBeCloseTo(0.25, 1);
	});

	it("sharpens at a low temperature and flattens at a high one", () => {
		expect(shares([1, 0], { temperature: 0.1 })[0]).toBeGreaterThan(0.99);
		expect(shares([1, 0], { temperature: 2 })[0]).toBeLessThan(0.66);
	});

	it.each([
		["top_k", { topK: 2 }],
		["top_p", { topP: 0.7 }],
		["min_p", { minP: 0.5 }],
	] as const)("never draws what %s leaves out", (_, settings) => {
		const found = shares([2, 1.9, -1, 1], settings, 2000);
		expect(found[2]).toBe(0);
		expect(found[3]).toBe(0);
		expect(found[0]).toBeGreaterThan(0.4);
		expect(found[1]).toBeGreaterThan(0.4);
	});

	it("repeats itself with the same seed and differs with another", () => {
		const scores = Float32Array.from({ length: 50 }, (_, index) => (index * 7919) % 13);
		const run = (seed: number): number[] => {
			const sample = createSampler({ ...all, seed });
			return Array.from({ length: 30 }, () => sample(scores));
		};
		expect(run(1)).toEqual(run(1));
		expect(run(1)).not.toEqual(run(2));
	});

	it("always draws a token that exists", () => {
		const numbers = fc.array(fc.float({ noNaN: true, min: -50, max: 50 }), { minLength: 1, maxLength: 40 });
		const settings = fc.record({
			temperature: fc.double({ min: 0, max: 2, noNaN: true }),
			topK: fc.nat(50),
			topP: fc.double({ min: 0.001, max: 1, noNaN: true }),
			minP: fc.double({ min: 0, max: 1, noNaN: true }),
			seed: fc.nat(),
		});
		fc.assert(
			fc.property(numbers, settings, (scores, chosen) => {
				const token = createSampler({ ...all, ...chosen })(Float32Array.from(scores));
				expect(token).toBeGreaterThanOrEqual(0);
				expect(token).toBeLessThan(scores.length);
			}),
		);
	});
});
