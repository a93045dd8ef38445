import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { StepBudget, shareBudget } from "./step-budget.ts";

const limits = { whileGeneratingMs: 150, mostWhileGeneratingMs: 500, whileReadingMs: 500 };

describe("StepBudget", () => {
	it("keeps the step of a machine at any speed near the limit while answers are generated", () => {
		for (const msPerToken of [0.05, 2, 20]) {
			const budget = new StepBudget(limits, 512, null);
			let ms = 0;
			for (let step = 0; step < 40; step++) {
				const promptTokens = budget.promptTokens(3);
				ms = 10 + promptTokens * msPerToken;
				budget.record({ ms: 10, promptTokens: 0, generating: 3 });
				budget.record({ ms, promptTokens, generating: 3 });
			}
			expect(ms).toBeLessThanOrEqual(Math.max(155, 10 + 16 * msPerToken));
			expect(ms).toBeGreaterThan(Math.min(120, 10 + 500 * msPerToken));
		}
	});

	it("gives a prompt most of the step on a slow machine too, up to a limit", () => {
		const stepOf = (answersMs: number): number => {
			const budget = new StepBudget(limits, 512, 2);
			for (let step = 0; step < 40; step++) {
				budget.record({ ms: answersMs, promptTokens: 0, generating: 5 });
			}
			return answersMs + budget.promptTokens(5) * 2;
		};
		expect(stepOf(10)).toBeCloseTo(150, -1);
		expect(stepOf(30)).toBeCloseTo(390, -1);
		expect(stepOf(80)).toBeCloseTo(500, -1);
	});

	it("fills the batch on a fast machine when nobody generates", () => {
		expect(new StepBudget(limits, 512, 0.1).promptTokens(0)).toBe(512);
		expect(new StepBudget(limits, 512, 2).promptTokens(0)).toBe(250);
	});
});

describe("shareBudget", () => {
	it("spends all it can, gives nobody too much, and nobody less than a fair share", () => {
		fc.assert(
			fc.property(
				fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 8 }),
				fc.integer({ min: 8, max: 512 }),
				(needs, budget) => {
					const shares = shareBudget(needs, budget);
					const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0);
					expect(sum(shares)).toBe(Math.min(budget, sum(needs)));
					shares.forEach((share, index) => {
						expect(share).toBeLessThanOrEqual(needs[index]!);
						expect(share).toBeGreaterThanOrEqual(Math.min(needs[index]!, Math.floor(budget / needs.length)));
					});
				},
			),
		);
	});
});
