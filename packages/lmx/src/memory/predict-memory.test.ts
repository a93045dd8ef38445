import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { GgufHeader, GgufValue } from "../library/gguf/parse-gguf-header.ts";
import { readGgufHeader } from "../library/gguf/read-gguf-header.ts";
import { type ModelShape, modelShape } from "./model-shape.ts";
import { predictMemory } from "./predict-memory.ts";

const mib = 1024 ** 2;

async function shapeOf(file: string): Promise<ModelShape> {
	const read = await readGgufHeader(path.join(import.meta.dirname, "../../models", file));
	if (!read.ok) {
		throw new Error(read.reason);
	}
	return modelShape([read.header]);
}

function header(metadata: Readonly<Record<string, GgufValue>>): GgufHeader {
	return { metadata: new Map(Object.entries(metadata)), tensors: [], dataOffset: 0, leastFileBytes: 0 };
}

describe("predictMemory", () => {
	it("has the sizes that llama.cpp itself prints for the cache and the weights", async () => {
		const shape = await shapeOf("SmolLM2-135M-Instruct-Q4_1.gguf");
		const small = predictMemory(shape, { contextTokens: 2048, sequences: 1, gpuLayers: 0 });
		expect(small.cacheBytes).toBe(45 * mib);
		expect(small.weightBytes / mib).toBeCloseTo(92.1, 1);
		expect(predictMemory(shape, { contextTokens: null, sequences: 8, gpuLayers: 0 }).cacheBytes).toBe(180 * mib);
		expect(predictMemory(await shapeOf("stories260K.gguf"), { contextTokens: null, sequences: 1, gpuLayers: 0 }).cacheBytes).toBe(
			0.3125 * mib,
		);
	});

	/** Increase of the resident memory over an empty process, measured on Linux x64. */
	it.each([
		[2048, 1, 175],
		[2048, 8, 179],
		[8192, 1, 322],
		[8192, 8, 315],
	])("is within a tenth of what was measured at %d tokens and %d sequences", async (contextTokens, sequences, measuredMib) => {
		const { totalBytes } = predictMemory(await shapeOf("SmolLM2-135M-Instruct-Q4_1.gguf"), { contextTokens, sequences, gpuLayers: 0 });
		expect(Math.abs(totalBytes / mib / measuredMib - 1)).toBeLessThan(0.1);
	});

	it("rounds the context up as the library does", async () => {
		const shape = await shapeOf("SmolLM2-135M-Instruct-Q4_1.gguf");
		const at = (contextTokens: number): number => predictMemory(shape, { contextTokens, sequences: 1, gpuLayers: 0 }).totalBytes;
		expect(at(1793)).toBe(at(2048));
		expect(at(2049)).toBeGreaterThan(at(2048));
	});

	it("counts few heads, heads of a given length, latent attention and recurrent layers", () => {
		const common = { "general.architecture": "a", "a.block_count": 4, "a.embedding_length": 1024, "a.context_length": 4096 };
		const values = (more: Readonly<Record<string, GgufValue>>): ModelShape => modelShape([header({ ...common, ...more })]);
		expect(values({ "a.attention.head_count": 16, "a.attention.head_count_kv": 2 }).cacheValues).toBe(4 * 2 * 2 * 64);
		expect(values({ "a.attention.head_count": 16, "a.attention.head_count_kv": [2, 0, 2, 0] }).cacheValues).toBe(2 * 2 * 2 * 64);
		expect(
			values({
				"a.attention.head_count": 16,
				"a.attention.head_count_kv": 8,
				"a.attention.key_length": 128,
				"a.attention.value_length": 128,
			}).cacheValues,
		).toBe(4 * 8 * 256);
		expect(
			values({
				"a.attention.head_count": 16,
				"a.attention.head_count_kv": 1,
				"a.attention.key_length": 576,
				"a.attention.value_length": 512,
				"a.attention.key_length_mla": 192,
			}).cacheValues,
		).toBe(4 * 576);
		const mixed = values({
			"a.attention.head_count": 16,
			"a.attention.head_count_kv": 2,
			"a.full_attention_interval": 4,
			"a.ssm.state_size": 16,
			"a.ssm.inner_size": 2048,
			"a.ssm.conv_kernel": 4,
		});
		expect([mixed.cacheValues, mixed.stateValues]).toEqual([2 * 2 * 64, 3 * (3 * 2048 + 16 * 2048)]);
	});

	it("never predicts less for more", () => {
		const shape = fc.record({
			weightBytes: fc.nat(1e9),
			preparedBytes: fc.nat(1e9),
			embeddingBytes: fc.constant(0),
			layers: fc.integer({ min: 1, max: 80 }),
			cacheValues: fc.nat(1e5),
			stateValues: fc.nat(1e6),
			embeddingLength: fc.nat(8192),
			feedForwardLength: fc.nat(30_000),
			vocabulary: fc.nat(200_000),
			vocabularyEntries: fc.nat(400_000),
			trainedContextTokens: fc.integer({ min: 512, max: 1e6 }),
		});
		const tokens = fc.integer({ min: 64, max: 200_000 });
		const sequences = fc.integer({ min: 1, max: 64 });
		fc.assert(
			fc.property(shape, tokens, tokens, sequences, sequences, fc.constantFrom(0, null), (model, a, b, one, other, gpuLayers) => {
				const less = predictMemory(model, { contextTokens: Math.min(a, b), sequences: Math.min(one, other), gpuLayers });
				const more = predictMemory(model, { contextTokens: Math.max(a, b), sequences: Math.max(one, other), gpuLayers });
				expect(more.totalBytes).toBeGreaterThanOrEqual(less.totalBytes);
				expect(more.vramBytes).toBeLessThanOrEqual(more.totalBytes);
			}),
		);
	});
});
