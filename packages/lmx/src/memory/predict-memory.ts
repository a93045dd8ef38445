import { contextLength } from "../engine/context/context-length.ts";
import type { ModelShape } from "./model-shape.ts";

/** How a model is to be run, as far as its memory depends on it. */
export interface MemoryPlan {
	/** Null: what the model was trained for, up to the engine's limit. */
	readonly contextTokens: number | null;
	readonly sequences: number;
	/** Layers on a graphics card with memory of its own; 0 without one, null for all. */
	readonly gpuLayers: number | null;
}

/** What a model takes beyond an empty process, in bytes. */
export interface MemoryPrediction {
	readonly weightBytes: number;
	/** Keys and values of the whole context, and states of recurrent layers. */
	readonly cacheBytes: number;
	/** Intermediate results of a step. */
	readonly computeBytes: number;
	/** Vocabulary, library, and what answering needs. */
	readonly overheadBytes: number;
	/** All of it, wherever it is. */
	readonly totalBytes: number;
	/** The part in the memory of a graphics card. */
	readonly vramBytes: number;
	/** What counts against the ceiling: the part on a graphics card where it has one, else all of it. */
	readonly countedBytes: number;
}

/** Values of the cache are halves, those of states and intermediate results single precision. */
const cacheValueBytes = 2;
const valueBytes = 4;
/** Most tokens of a step. */
const stepTokens = 512;
/** Intermediate results of the width of an embedding that live at the same time. */
const liveEmbeddings = 4;
/** Text, hash entries and scores of a token or a merge (measured with 49,152 tokens and 48,900 merges). */
const vocabularyEntryBytes = 150;
/** The library's own code and data, and what answering needs beside the model (measured with SmolLM2 under load). */
const libraryBytes = 12 * 1024 ** 2;

/** On a graphics card the whole buffer counts, with the scores of every token of a step; main memory counts what is touched. */
function computeBytesOf(shape: ModelShape, contextTokens: number, sequences: number, onGpu: boolean): number {
	const tokens = Math.min(stepTokens, contextTokens);
	const width = 2 * shape.feedForwardLength + liveEmbeddings * shape.embeddingLength;
	const maskBytes = contextTokens * tokens * cacheValueBytes;
	const scored = onGpu ? tokens : 2 * sequences;
	return Math.max(onGpu ? 0 : tokens * width * valueBytes, scored * (shape.vocabulary + width) * valueBytes) + maskBytes;
}

/**
 * Predicts the memory of a model that is loaded by llama.cpp with one cache for all sequences, halves in it, memory-mapped
 * weights and steps of 512 tokens. Weights count whole: they are read at every token.
 */
export function predictMemory(shape: ModelShape, plan: MemoryPlan): MemoryPrediction {
	const contextTokens = contextLength(plan.contextTokens, shape.trainedContextTokens);
	const cacheBytes = contextTokens * shape.cacheValues * cacheValueBytes + plan.sequences * shape.stateValues * valueBytes;
	const share = shape.layers === 0 ? 0 : Math.min(plan.gpuLayers ?? shape.layers, shape.layers) / shape.layers;
	const computeBytes = computeBytesOf(shape, contextTokens, plan.sequences, share > 0);
	const overheadBytes = libraryBytes + shape.vocabularyEntries * vocabularyEntryBytes;
	const vramBytes = share === 0 ? 0 : share * (shape.weightBytes - shape.embeddingBytes + cacheBytes) + computeBytes;
	const totalBytes = Math.round(shape.weightBytes + cacheBytes + computeBytes + overheadBytes);
	return {
		weightBytes: shape.weightBytes,
		cacheBytes,
		computeBytes,
		overheadBytes,
		totalBytes,
		vramBytes: Math.round(vramBytes),
		countedBytes: share === 0 ? totalBytes : Math.round(vramBytes),
	};
}
