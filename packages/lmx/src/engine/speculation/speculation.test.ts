import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FakeContext } from "../../testing/fake-context.ts";
import { schedulerBench } from "../../testing/scheduler-bench.ts";
import type { Drafter } from "./drafter.ts";
import { lookupDrafter } from "./lookup-drafter.ts";
import { ModelDrafter } from "./model-drafter.ts";

const sequences = 4;

/** Answers every prompt, and counts the steps and the guesses. */
function answers(prompts: readonly string[], answer: (prompt: string) => string, drafter?: Drafter) {
	const context = new FakeContext({ answer, sequences, batchTokens: 128 });
	const run = schedulerBench(context, drafter === undefined ? {} : { drafter });
	for (const [index, prompt] of prompts.entries()) {
		run.ask(`r${index}`, prompt, { maxTokens: 40 });
	}
	run.runAll();
	const heard = [...run.heard.values()];
	return {
		texts: heard.map(({ text }) => text),
		results: heard.map(({ result }) => [result?.finishReason, result?.completionTokens]),
		steps: context.steps.length,
		accepted: heard.reduce((sum, { result }) => sum + (result?.acceptedDraftTokens ?? 0), 0),
		rejected: heard.reduce((sum, { result }) => sum + (result?.rejectedDraftTokens ?? 0), 0),
	};
}

const modelDrafter = (answer: (prompt: string) => string): Drafter =>
	new ModelDrafter(new FakeContext({ answer, sequences, batchTokens: 128, contextTokens: 400 }));
const text = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 50 });

describe("speculation", () => {
	it("changes nothing about the answers, whatever is guessed", () => {
		fc.assert(
			fc.property(fc.array(text, { minLength: 1, maxLength: 6 }), text, fc.boolean(), (prompts, wrong, usesModel) => {
				const answer = (prompt: string): string => `${prompt}${prompt.toUpperCase()}`;
				const drafter = usesModel ? modelDrafter((prompt) => `${prompt}${wrong}`) : lookupDrafter;
				const plain = answers(prompts, answer);
				const drafted = answers(prompts, answer, drafter);
				expect(drafted.texts).toEqual(plain.texts);
				expect(drafted.results).toEqual(plain.results);
			}),
		);
	});

	it("needs a fraction of the steps where the guesses are right, and counts them", () => {
		const answer = (): string => "one two three four five six seven ";
		const plain = answers(["question"], answer);
		const drafted = answers(["question"], answer, modelDrafter(answer));
		expect(drafted.texts).toEqual(plain.texts);
		expect(drafted.steps).toBeLessThan(plain.steps / 3);
		expect(drafted.accepted).toBeGreaterThan(20);
	});

	it("finds what the prompt contains", () => {
		const prompt = "the quick brown fox jumps over the lazy dog";
		const drafted = answers([prompt], (words) => words, lookupDrafter);
		expect(drafted.texts).toEqual([prompt.slice(0, 40)]);
		expect(drafted.steps).toBeLessThan(25);
	});

	it("guesses next to nothing where the guesses are wrong, and nothing beside many answers", () => {
		const answer = (): string => "z".repeat(40);
		const wrong = answers(
			["question"],
			answer,
			modelDrafter(() => "a".repeat(40)),
		);
		expect(wrong.accepted).toBe(0);
		expect(wrong.rejected).toBeLessThan(20);
		const many = answers(["one", "two", "three", "four"], answer, modelDrafter(answer));
		expect(many.accepted).toBe(0);
	});
});
