import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FakeContext } from "../../testing/fake-context.ts";
import { schedulerBench as bench } from "../../testing/scheduler-bench.ts";

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
				fc.boolean(),
				fc.option(fc.nat(40), { nil: undefined }),
				(requests, sequences, contextTokens, keepsPrefixes, failingStep) => {
					const context = new FakeContext({ answer: echo, sequences, contextTokens, keepsPrefixes });
					const run = bench(context);
					const step = (): boolean => {
						context.failingSteps = context.steps.length === failingStep && context.rebuilds === 0 ? 1 : 0;
						return run.step();
					};
					const cancelled = new Set<string>();
					requests.forEach(({ prompt, stepsBefore, cancelAfter }, index) => {
						run.ask(`r${index}`, prompt);
						for (let steps = 0; steps < stepsBefore; steps++) {
							step();
						}
						if (cancelAfter !== undefined && run.heard.get(`r${cancelAfter % (index + 1)}`)?.result === null) {
							cancelled.add(`r${cancelAfter % (index + 1)}`);
							run.scheduler.cancel(`r${cancelAfter % (index + 1)}`);
						}
					});
					for (let steps = 0; step(); steps++) {
						expect(steps).toBeLessThan(20_000);
					}
					expect(run.broken).toEqual([]);
					expect([...run.heard.values()].filter(({ error }) => error !== null)).toHaveLength(context.rebuilds);
					requests.forEach(({ prompt }, index) => {
						const entry = run.heard.get(`r${index}`);
						if (cancelled.has(`r${index}`) || entry?.error != null) {
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

	it("tells after every step how far a prompt is read, with what the cache had of it", () => {
		const run = bench(new FakeContext({ answer: echo, sequences: 2, contextTokens: 1000 }));
		run.ask("new", "a".repeat(119));
		run.runAll();
		run.ask("known", "a".repeat(119));
		run.runAll();
		expect(run.heard.get("new")?.progress).toEqual([
			{ total: 120, cache: 0, processed: 50, time_ms: 500 },
			{ total: 120, cache: 0, processed: 100, time_ms: 1000 },
			{ total: 120, cache: 0, processed: 120, time_ms: 1200 },
		]);
		expect(run.heard.get("known")?.progress).toEqual([{ total: 120, cache: 119, processed: 120, time_ms: 10 }]);
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
		expect(run.heard.get("long")).toMatchObject({ text: "", result: null, error: null });
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

	it("computes a beginning once that comes with many requests at the same moment", () => {
		const context = new FakeContext({ answer: () => "ok", sequences: 6 });
		const run = bench(context);
		const system = "a common system prompt ".repeat(40);
		for (let index = 0; index < 6; index++) {
			run.ask(`r${index}`, `${system}question ${index}`);
		}
		run.runAll();
		expect([...run.heard.values()].every(({ text }) => text === "ok")).toBe(true);
		expect(context.computedTokens).toBeLessThan(system.length + 6 * 30);
		expect(run.heard.get("r5")?.result?.cachedTokens).toBeGreaterThanOrEqual(system.length);
	});

	it("lets the next one lead when the request that computes the common beginning is given up", () => {
		const context = new FakeContext({ answer: echo, sequences: 3, batchTokens: 16 });
		const run = bench(context);
		const system = "s".repeat(200);
		for (const id of ["first", "second", "third"]) {
			run.ask(id, `${system}${id}`);
		}
		run.step();
		run.step();
		run.scheduler.cancel("first");
		run.runAll();
		expect(run.heard.get("second")?.text).toBe(echo(`${system}second`));
		expect(run.heard.get("third")?.text).toBe(echo(`${system}third`));
		expect(context.computedTokens).toBeLessThan(2 * system.length + 2 * system.length + 60);
	});

	it("serves clients in turn and says where everybody stands", () => {
		const run = bench(new FakeContext({ answer: () => "ok", sequences: 1 }));
		run.ask("a1", "a1", { client: "a" });
		run.step();
		for (const [id, client, priority] of [
			["a2", "a", "normal"],
			["a3", "a", "normal"],
			["b1", "b", "normal"],
			["c1", "c", "high"],
		] as const) {
			run.ask(id, id, { client, priority });
		}
		expect(run.scheduler.places().map(({ id, before }) => [id, before])).toEqual([
			["c1", 0],
			["a2", 1],
			["b1", 2],
			["a3", 3],
		]);
		run.runAll();
		expect([...run.heard.values()].every(({ text }) => text === "ok")).toBe(true);
		run.ask("next", "next");
		expect(run.scheduler.places()).toEqual([{ id: "next", before: 0, expectedWaitMs: 0 }]);
	});

	it("ends one request when memory fails, and computes the others again", () => {
		const context = new FakeContext({ answer: echo, sequences: 3 });
		const run = bench(context);
		run.ask("one", "one");
		run.ask("two", "two");
		run.step();
		run.step();
		run.ask("three", "x".repeat(300));
		context.failingSteps = 1;
		run.runAll();
		expect(run.broken).toEqual([]);
		expect(context.rebuilds).toBe(1);
		expect(run.heard.get("three")).toMatchObject({ text: "", result: null, error: "insufficient_memory" });
		expect(run.heard.get("one")?.text).toBe("ONE");
		expect(run.heard.get("two")?.text).toBe("TWO");
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
