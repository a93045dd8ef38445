import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Pooling } from "../context/libllama-model.ts";
import { Embedder } from "./embedder.ts";
import type { EmbeddingContext } from "./embedding-context.ts";

interface Row {
	readonly token: number;
	readonly position: number;
	readonly sequence: number;
}

/** A model whose token's vector is (token, 1, position), and whose score is the number of tokens. */
class FakeEmbeddingContext implements EmbeddingContext {
	readonly sequences = 3;
	readonly contextTokens: number;
	readonly stepTokens: number | null;
	readonly steps: Row[][] = [];
	isClosed = false;
	#rows: Row[] = [];
	#held = new Map<number, number>();

	constructor(contextTokens: number, stepTokens: number | null) {
		this.contextTokens = contextTokens;
		this.stepTokens = stepTokens;
	}

	add(token: number, position: number, sequence: number): void {
		expect(position).toBe(this.#held.get(sequence) ?? 0);
		this.#held.set(sequence, position + 1);
		this.#rows.push({ token, position, sequence });
	}

	compute(): void {
		expect(this.#rows.length).toBeLessThanOrEqual(this.stepTokens ?? this.contextTokens);
		expect([...this.#held.values()].reduce((sum, length) => sum + length, 0)).toBeLessThanOrEqual(this.contextTokens);
		expect(this.#held.size).toBeLessThanOrEqual(this.sequences);
		this.steps.push(this.#rows);
		this.#rows = [];
	}

	tokenVector(row: number): Float32Array {
		const { token, position } = this.steps.at(-1)![row]!;
		return Float32Array.of(token, 1, position);
	}

	inputVector(sequence: number): Float32Array {
		return Float32Array.of(this.#held.get(sequence)!, 0, 0);
	}

	clear(): void {
		this.#held.clear();
	}

	close(): void {
		this.isClosed = true;
	}
}

function bench(options: { pooling?: Pooling; stepTokens?: number | null; inputTokens?: number; memory?: number } = {}) {
	const contexts: FakeEmbeddingContext[] = [];
	const embedder = new Embedder({
		open(contextTokens) {
			if (contextTokens > (options.memory ?? 10_000)) {
				return null;
			}
			const context = new FakeEmbeddingContext(contextTokens, options.stepTokens === undefined ? 4 : options.stepTokens);
			contexts.push(context);
			return context;
		},
		pooling: options.pooling ?? "mean",
		inputTokens: options.inputTokens ?? 2000,
		stepTokens: () => 100,
		defer: (next) => queueMicrotask(next),
	});
	return { embedder, contexts };
}

const never = new AbortController().signal;
const unit = (vector: readonly number[]): number[] => vector.map((value) => value / Math.hypot(...vector));

function expectClose(actual: readonly number[], expected: readonly number[]): void {
	expect(actual).toHaveLength(expected.length);
	actual.forEach((value, index) => {
		expect(value).toBeCloseTo(expected[index]!, 5);
	});
}

describe("Embedder", () => {
	it("gives every input the vector of its own tokens, whatever is computed together", async () => {
		const inputs = fc.array(fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 12 });
		await fc.assert(
			fc.asyncProperty(
				inputs,
				fc.constantFrom<Pooling>("none", "mean", "cls", "last"),
				fc.integer({ min: 1, max: 9 }),
				async (texts, pooling, stepTokens) => {
					const { embedder } = bench({ pooling, stepTokens });
					const vectors = await embedder.embed(
						texts.map((text) => Int32Array.from(text)),
						never,
					);
					texts.forEach((text, index) => {
						const rows = text.map((token, position) => [token, 1, position]);
						const mean = [0, 1, 2].map((dimension) => rows.reduce((sum, row) => sum + row[dimension]!, 0));
						expectClose(vectors[index]!, unit(pooling === "cls" ? rows[0]! : pooling === "last" ? rows.at(-1)! : mean));
					});
					embedder.close();
				},
			),
			{ numRuns: 50 },
		);
	});

	it("hands inputs as a whole to a model that must see all of one", async () => {
		const { embedder, contexts } = bench({ pooling: "rank", stepTokens: null });
		expect(await embedder.score([Int32Array.of(1, 2), Int32Array.of(1), Int32Array.of(1, 2, 3), Int32Array.of(7)], never)).toEqual([
			2, 1, 3, 1,
		]);
		expect(contexts[0]?.steps.map((step) => step.length)).toEqual([6, 1]);
		embedder.close();
	});

	it("refuses with numbers what is longer than the model reads, and what is empty", async () => {
		const { embedder } = bench({ inputTokens: 5 });
		await expect(embedder.embed([Int32Array.of(1), new Int32Array(6)], never)).rejects.toMatchObject({
			code: "context_length_exceeded",
			param: "input[1]",
			details: { promptTokens: 6, contextTokens: 5 },
		});
		await expect(embedder.embed([new Int32Array()], never)).rejects.toMatchObject({ code: "invalid_request" });
		embedder.close();
	});

	it("refuses what the model is not made for", async () => {
		await expect(bench({ pooling: "rank" }).embedder.embed([Int32Array.of(1)], never)).rejects.toMatchObject({
			code: "invalid_request",
			param: "model",
		});
		await expect(bench({ pooling: "mean" }).embedder.score([Int32Array.of(1)], never)).rejects.toMatchObject({
			code: "invalid_request",
			param: "model",
		});
	});

	it("makes a larger context for a longer input, gives the smaller one back, and survives want of memory", async () => {
		const { embedder, contexts } = bench({ memory: 1024 });
		await embedder.embed([new Int32Array(3).fill(1)], never);
		await embedder.embed([new Int32Array(600).fill(1)], never);
		expect(contexts.map(({ contextTokens, isClosed }) => [contextTokens, isClosed])).toEqual([
			[512, true],
			[1024, false],
		]);
		await expect(embedder.embed([new Int32Array(1500).fill(1)], never)).rejects.toMatchObject({ code: "insufficient_memory" });
		expect(await embedder.embed([Int32Array.of(5)], never)).toHaveLength(1);
		embedder.close();
	});

	it("stops between two steps when it is cancelled, and serves the next", async () => {
		const { embedder, contexts } = bench();
		const cancelling = new AbortController();
		const cancelled = embedder.embed([new Int32Array(400).fill(1)], cancelling.signal);
		const next = embedder.embed([Int32Array.of(3)], never);
		cancelling.abort();
		await expect(cancelled).rejects.toThrow();
		expectClose((await next)[0]!, unit([3, 1, 0]));
		expect(contexts[0]!.steps.length).toBeLessThan(5);
		embedder.close();
	});
});
