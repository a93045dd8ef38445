import path from "node:path";
import { readGgufHeader } from "../library/gguf/read-gguf-header.ts";
import type { InstalledModel, ModelLibrary } from "../library/installed-model.ts";
import type { LoadOptions } from "../serving/load-options.ts";
import { type ModelShape, modelShape } from "./model-shape.ts";
import { type MemoryPrediction, predictMemory } from "./predict-memory.ts";

/** Predicts the memory of models of this machine. Rejects when a file cannot be read. */
export type MemoryPredictor = (model: InstalledModel, options: LoadOptions) => Promise<MemoryPrediction>;

/** What an engine other than ours takes beside the weights is a guess: this part of them. */
const foreignShare = 0.2;

async function readShape(model: InstalledModel): Promise<ModelShape> {
	const headers = [];
	for (const { name } of model.files) {
		const read = await readGgufHeader(path.join(model.folder, name));
		if (!read.ok) {
			throw new Error(`${path.join(model.folder, name)} ${read.reason}`);
		}
		headers.push(read.header);
	}
	return modelShape(headers);
}

function foreignPrediction({ fileBytes }: InstalledModel): MemoryPrediction {
	const overheadBytes = Math.round(fileBytes * foreignShare);
	const totalBytes = fileBytes + overheadBytes;
	return { weightBytes: fileBytes, cacheBytes: 0, computeBytes: 0, overheadBytes, totalBytes, vramBytes: 0, countedBytes: totalBytes };
}

function sum(one: MemoryPrediction, other: MemoryPrediction): MemoryPrediction {
	return {
		weightBytes: one.weightBytes + other.weightBytes,
		cacheBytes: one.cacheBytes + other.cacheBytes,
		computeBytes: one.computeBytes + other.computeBytes,
		overheadBytes: one.overheadBytes + other.overheadBytes,
		totalBytes: one.totalBytes + other.totalBytes,
		vramBytes: one.vramBytes + other.vramBytes,
		countedBytes: one.countedBytes + other.countedBytes,
	};
}

/** What decides about memory beside the model and its options. */
export interface MemoryFacts {
	/** A graphics card with memory of its own is used. */
	hasVideoMemory(): boolean;
	/** The model runs with weights as Q8_0, whatever its file has. */
	isPrepared(model: InstalledModel): boolean;
}

/** Makes a predictor that reads each model's header once. */
export function createMemoryPredictor(library: Pick<ModelLibrary, "find">, facts: MemoryFacts): MemoryPredictor {
	const shapes = new Map<string, { readonly modifiedAtMs: number; readonly shape: Promise<ModelShape> }>();

	function shapeOf(model: InstalledModel): Promise<ModelShape> {
		const modifiedAtMs = model.modifiedAt.getTime();
		const known = shapes.get(model.path);
		if (known !== undefined && known.modifiedAtMs === modifiedAtMs) {
			return known.shape;
		}
		const shape = readShape(model);
		shapes.set(model.path, { modifiedAtMs, shape });
		shape.catch(() => shapes.delete(model.path));
		return shape;
	}

	return async (model, options) => {
		if (model.format !== "gguf") {
			return foreignPrediction(model);
		}
		const plan = {
			contextTokens: options.contextTokens,
			sequences: options.sequences,
			gpuLayers: facts.hasVideoMemory() ? options.gpuLayers : 0,
		};
		const shape = await shapeOf(model);
		const own = predictMemory(facts.isPrepared(model) ? { ...shape, weightBytes: shape.preparedBytes } : shape, plan);
		const { speculation } = options;
		const draft = speculation !== null && "draft" in speculation ? library.find(speculation.draft) : undefined;
		return draft === undefined ? own : sum(own, predictMemory(await shapeOf(draft), plan));
	};
}
