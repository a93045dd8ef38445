import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byteVocabulary } from "../../testing/byte-vocabulary.ts";
import { FakeContext } from "../../testing/fake-context.ts";
import { plainSampling } from "../../testing/plain-sampling.ts";
import { createSampler } from "../sampling/sampler.ts";
import type { GenerationResult } from "./generation.ts";
import { Scheduler } from "./scheduler.ts";
import { StepBudget } from "./step-budget.ts";

const greedy = createSampler({ ...plainSampling, temperature: 0 });

interface Heard {
	text: string;
	result: GenerationResult | null;
}

/** A scheduler whose steps are run by hand; by its clock every token takes 10 ms. */
function bench(context: FakeContext, options: { queueLimit?: number } = {}) {
	let next: (() => void) | null = null;
	const broken: unknown[] = [];
	const scheduler = new Scheduler({
		context,
		vocabulary: byteVocabulary,
		budget: new StepBudget({ whileGeneratingMs: 150, whileReadingMs: 500 }, context.batchTokens, 10),
		queueLimit: options.queueLimit ?? 100,
		now: () => context.computedTokens * 10,
		defer: (step) => {
			next = step;
		},
		onStep: () => undefined,
		onBroken: (error) => broken.push(error),
	});
	const heard = new Map<string, Heard>();
	return {
		scheduler,
		broken,
		heard,
		ask(id: string, prompt: string, extra: { maxTokens?: number; stops?: string[] } = {}): boolean {
			const entry: Heard = { text: "", result: null };
			const accepted = scheduler.submit(
				{
					id,
					prompt: Int32Array.from(Buffer.from(`${prompt}\n`)),
					maxTokens: extra.maxTokens ?? 1000,
					sampler: greedy,
					stops: extra.stops ?? [],
				},
				{
					onText: (text) => {
						entry.text += text;
					},
					onEnd: (result) => {
						entry.result = result;
					},
				},
			);
			if (accepted) {
				heard.set(id, entry);
			}
			return accepted;
		},
		/** Runs one step; false when nothing is left to do. */
		step(): boolean {
			const step = next;
			next = null;
			step?.();
			return step !== null;
		},
		runAll(): void {
			for (let steps = 0; this.step(); steps++) {
				if (steps > 20_000) {
					throw new Error("It never ends.");
				}
			}
		},
	};
}

const echo = (prompt: string): string => prompt.toUpperCase();

describe("Scheduler", () => {
	it("gives every request exactly its own answer, whatever comes together, is cancelled or runs out of cache", () => {
		const request = fc.record({
			prompt: fc.string({ unit: fc.constantFrom("a", "b", "é", "👋"), maxLength: 60 }),
			stepsBefore: fc.nat(5),
			cancelAfter: fc.option(fc.nat(20), { nil: undefined }),
		});
		fc.assert(
			fc.property(
				fc.array(request, { minLength: 1, maxLength: 14 }),
				fc.integer({ min: 1, max: 5 }),
				fc.integer({ min: 500, max: 1200 }),
				(requests, sequences, contextTokens) => {
					const run = bench(new FakeContext({ answer: echo, sequences, contextTokens }));
					const cancelled = new Set<string>();
					requests.forEach(({ prompt, stepsBefore, cancelAfter }, index) => {
						run.ask(`r${index}`, prompt);
						for (let step = 0; step < stepsBefore; step++) {
							run.step();
						}
						if (cancelAfter !== undefined && run.heard.get(`r${cancelAfter % (index + 1)}`)?.result === null) {
							cancelled.add(`r${cancelAfter % (index + 1)}`);
							run.scheduler.cancel(`r${cancelAfter % (index + 1)}`);
						}
					});
					run.runAll();
					expect(run.broken).toEqual([]);
					requests.forEach(({ prompt }, index) => {
						const entry = run.heard.get(`r${index}`);
						if (cancelled.has(`r${index}`)) {
							expect(entry?.result).toBeNull();
						} else {
							expect(entry?.text).toBe(echo(prompt));
							expect(entry?.result?.finishReason).toBe("stop");
						}
					});
					expect(run.scheduler.load()).toMatchObject({ active: 0, queued: 0 });
				},
			),
		);
	});

	it("computes all answers in one batch per step", () => {
		const context = new FakeContext({ answer: () => "x".repeat(50), sequences: 6 });
		const run = bench(context);
		for (let index = 0; index < 6; index++) {
			run.ask(`r${index}`, `prompt ${index}`);
		}
		run.runAll();
		const full = context.steps.filter((step) => step.sequences.length === 6 && step.outputs === 6);
		expect(full.length).toBeGreaterThanOrEqual(48);
		expect(context.steps.length).toBeLessThanOrEqual(56);
	});

	it("lets a long prompt in beside running answers, which get a token in every step", () => {
		const context = new FakeContext({ answer: () => "x".repeat(400), batchTokens: 512 });
		const run = bench(context);
		run.ask("short", "a");
		for (let step = 0; step < 5; step++) {
			run.step();
		}
		run.ask("long", "b".repeat(300));
		const before = context.steps.length;
		for (let step = 0; step < 10; step++) {
			run.step();
		}
		const during = context.steps.slice(before);
		expect(during.every((step) => step.sequences.includes(0))).toBe(true);
		expect(Math.max(...during.map((step) => step.tokens))).toBeLessThanOrEqual(17);
	});

	it("stops reading a prompt at the next step after a cancel, and gives the sequence to the next in line", () => {
		const context = new FakeContext({ answer: echo, sequences: 1, batchTokens: 16 });
		const run = bench(context);
		run.ask("long", "b".repeat(1000));
		run.ask("next", "ok");
		run.step();
		run.scheduler.cancel("long");
		run.runAll();
		expect(run.heard.get("next")?.text).toBe("OK");
		expect(run.heard.get("long")).toEqual({ text: "", result: null });
		expect(context.steps.reduce((sum, step) => sum + step.tokens, 0)).toBeLessThan(60);
	});

	it("refuses what the queue cannot hold and accepts again when there is room", () => {
		const run = bench(new FakeContext({ answer: echo, sequences: 2 }), { queueLimit: 1 });
		expect(["a", "b", "c", "d"].map((id) => run.ask(id, id))).toEqual([true, true, true, false]);
		run.runAll();
		expect(run.ask("d", "d")).toBe(true);
	});

	it("does not compute what it still knows of the last request", () => {
		const run = bench(new FakeContext({ answer: echo, sequences: 2 }));
		run.ask("first", "what is the weather");
		run.runAll();
		run.ask("again", "what is the weather");
		run.runAll();
		expect(run.heard.get("first")?.result).toMatchObject({ promptTokens: 20, cachedTokens: 0, completionTokens: 20 });
		expect(run.heard.get("again")?.result).toMatchObject({ promptTokens: 20, cachedTokens: 19 });
	});

	it("keeps the last chat to go on with, and does not let old ones slow down new ones", () => {
		const context = new FakeContext({ answer: echo, sequences: 8, contextTokens: 4096 });
		const run = bench(context);
		for (let index = 0; index < 8; index++) {
			run.ask(`r${index}`, String.fromCharCode(97 + index).repeat(400));
			run.runAll();
		}
		expect(context.usedCells).toBeLessThan(2 * 802 + 512);
		run.ask("again", "h".repeat(400));
		run.runAll();
		expect(run.heard.get("again")?.result?.cachedTokens).toBe(400);
	});

	it("finishes all requests that together do not fit into the cache, without computing one again and again", () => {
		const context = new FakeContext({ answer: () => "x".repeat(200), sequences: 6, contextTokens: 300 });
		const run = bench(context);
		for (let index = 0; index < 6; index++) {
			run.ask(`r${index}`, "the same beginning");
		}
		run.runAll();
		expect([...run.heard.values()].every(({ text, result }) => text.length === 200 && result?.finishReason === "stop")).toBe(true);
		expect(context.computedTokens).toBeLessThan(6 * 220 * 2);
	});

	it("ends at a stop string without showing it, at the limit, and at the end of the context", () => {
		const run = bench(new FakeContext({ answer: () => "one two three", sequences: 3, contextTokens: 400 }));
		run.ask("stop", "a", { stops: ["wo th"] });
		run.ask("limit", "b", { maxTokens: 3 });
		run.runAll();
		expect(run.heard.get("stop")).toMatchObject({ text: "one t", result: { finishReason: "stop" } });
		expect(run.heard.get("limit")).toMatchObject({ text: "one", result: { finishReason: "length", completionTokens: 3 } });
		run.ask("context", "c".repeat(393));
		run.runAll();
		expect(run.heard.get("context")).toMatchObject({ text: "one tw", result: { finishReason: "length" } });
	});

	it("says once that the engine is broken and does nothing afterwards", () => {
		const context = new FakeContext({ answer: echo });
		context.decode = () => {
			throw new Error("llama_decode returned -3.");
		};
		const run = bench(context);
		run.ask("a", "a");
		run.runAll();
		expect(run.broken).toHaveLength(1);
		expect(run.heard.get("a")?.result).toBeNull();
	});
});
