import koffi from "koffi";
import { createDecodeBatch } from "../context/decode-batch.ts";
import { type LoadedModel, poolings } from "../context/libllama-model.ts";
import type { Libllama } from "../library/libllama.ts";
import { RefusalError } from "../refusal.ts";
import type { OpenEmbeddingContext } from "./embedding-context.ts";

/** Inputs computed together. */
const sequences = 16;
/** The library keeps the scores of all words for every token of a step: more would cost memory and gain little. */
const stepTokens = 128;

/** Makes embedding contexts of a loaded model. Models that read an input as a whole are pooled by the library, others by their tokens. */
export function embeddingContexts(lib: Libllama, model: LoadedModel, threads: number): OpenEmbeddingContext {
	const isWhole = !model.isCausal || model.pooling === "rank";
	return (contextTokens) => {
		const batchTokens = isWhole ? contextTokens : stepTokens;
		const pointer = lib.newContext(model.pointer, {
			...lib.contextDefaultParams(),
			nCtx: contextTokens,
			nBatch: batchTokens,
			nUbatch: batchTokens,
			nSeqMax: sequences,
			nThreads: threads,
			nThreadsBatch: threads,
			embeddings: true,
			poolingType: isWhole ? poolings.indexOf(model.pooling === "none" ? "mean" : model.pooling) : poolings.indexOf("none"),
			kvUnified: true,
			noPerf: true,
		});
		if (pointer === null) {
			return null;
		}
		const pool = lib.newThreadPool(threads);
		lib.attachThreadPool(pointer, pool, pool);
		const memory = lib.contextMemory(pointer);
		const batch = createDecodeBatch(batchTokens);
		const vectorLength = lib.modelEmbeddingSize(model.pointer);
		const vectorAt = (address: bigint | null, length: number): Float32Array => {
			if (address === null) {
				throw new Error("The library made no vector.");
			}
			return new Float32Array(koffi.view(address, length * Float32Array.BYTES_PER_ELEMENT)).slice();
		};
		return {
			contextTokens,
			sequences,
			stepTokens: isWhole ? null : stepTokens,
			add: (token, position, sequence) => batch.add(token, position, sequence, true),
			compute() {
				const code = lib.decode(pointer, batch.take());
				if (code !== 0) {
					throw new RefusalError(
						"insufficient_memory",
						"There is not enough memory to compute this input. Send less at once, or unload another model.",
					);
				}
			},
			tokenVector: (row) => vectorAt(lib.embeddingOfRow(pointer, row), vectorLength),
			inputVector: (sequence) => vectorAt(lib.embeddingOfSequence(pointer, sequence), model.pooling === "rank" ? 1 : vectorLength),
			clear() {
				if (memory !== null) {
					lib.clearMemory(memory, false);
				}
			},
			close() {
				lib.detachThreadPool(pointer);
				lib.freeContext(pointer);
				lib.freeThreadPool(pool);
			},
		};
	};
}
