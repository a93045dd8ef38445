import koffi from "koffi";
import type { Libllama } from "../library/libllama.ts";
import type { Pointer } from "../library/struct-layouts.ts";
import type { ThreadTuner } from "../threads/thread-tuner.ts";
import type { InferenceContext } from "./inference-context.ts";
import type { LoadedModel } from "./libllama-model.ts";

/** Most tokens of a step: more gains nothing on a CPU, and a step cannot be interrupted. */
const batchTokens = 512;

/** Shorter steps of a prompt say nothing about its speed. */
const minComparedPrompt = 16;

/** Return value of `llama_decode` when the cache has no room for the batch. */
const noRoom = 1;

/** Choose the threads of a step by what is in it: one answer, several answers, or tokens of prompts. */
export interface StepTuners {
	readonly single: ThreadTuner;
	readonly batched: ThreadTuner;
	readonly reading: ThreadTuner;
}

/** A context of a real model, with the thread counts to tune. */
export interface LibllamaContext extends InferenceContext {
	/** Fixes the threads for a step of one token, and of several. */
	setThreads(single: number, batched: number): void;
	/** From now on the tuners choose the threads. */
	tuneThreads(tuners: StepTuners): void;
	/** Threads of a step of one token. */
	threads(): number;
	/** Forgets every sequence. */
	clear(): void;
}

/** Prompts are compared by their time per token; in short pieces the other tokens of the step weigh too much. */
function learn(tuners: StepTuners, tokens: number, isReading: boolean, ms: number): void {
	if (isReading) {
		if (tokens >= minComparedPrompt) {
			tuners.reading.record(1, ms / tokens);
		}
	} else {
		(tokens === 1 ? tuners.single : tuners.batched).record(tokens, ms);
	}
}

/** Makes a context with a kept pool of `poolThreads` threads; null when memory does not suffice. */
export function openContext(
	lib: Libllama,
	model: LoadedModel,
	options: { contextTokens: number; sequences: number; poolThreads: number },
): LibllamaContext | null {
	const pointer = lib.newContext(model.pointer, {
		...lib.contextDefaultParams(),
		nCtx: options.contextTokens,
		nBatch: batchTokens,
		nUbatch: batchTokens,
		nSeqMax: options.sequences,
		nOutputsMax: options.sequences,
		nThreads: options.poolThreads,
		nThreadsBatch: options.poolThreads,
		kvUnified: true,
		noPerf: true,
	});
	if (pointer === null) {
		return null;
	}
	const pool = lib.newThreadPool(options.poolThreads);
	lib.attachThreadPool(pointer, pool, pool);
	const memory = lib.contextMemory(pointer);

	const sequenceOf = new Int32Array(batchTokens);
	const sequenceAddress = koffi.address(sequenceOf);
	const batch = {
		nTokens: 0,
		token: new Int32Array(batchTokens),
		embd: null,
		pos: new Int32Array(batchTokens),
		nSeqId: new Int32Array(batchTokens).fill(1),
		seqId: new BigUint64Array(batchTokens).map((_, row) => sequenceAddress + BigInt(row * Int32Array.BYTES_PER_ELEMENT)),
		logits: new Int8Array(batchTokens),
	};
	const rowBytes = model.vocabulary.size * Float32Array.BYTES_PER_ELEMENT;
	/** Views by address: the library keeps its output buffer for as long as it is large enough. */
	const views = new Map<Pointer, Float32Array>();
	const threads = { single: options.poolThreads, batched: options.poolThreads };
	let tuners: StepTuners | null = null;
	let outputs = 0;
	const setThreads = (single: number, batched: number): void => {
		if (single !== threads.single || batched !== threads.batched) {
			threads.single = single;
			threads.batched = batched;
			lib.setThreads(pointer, single, batched);
		}
	};

	return {
		contextTokens: lib.contextTokens(pointer),
		sequences: options.sequences,
		batchTokens,
		keepsPrefixes: model.keepsPrefixes,
		add(token, position, sequence, wantsLogits) {
			const row = batch.nTokens++;
			batch.token[row] = token;
			batch.pos[row] = position;
			sequenceOf[row] = sequence;
			batch.logits[row] = wantsLogits ? 1 : 0;
			outputs += wantsLogits ? 1 : 0;
			return row;
		},
		decode() {
			const tokens = batch.nTokens;
			const isReading = outputs < tokens;
			batch.nTokens = 0;
			outputs = 0;
			if (tuners !== null) {
				setThreads(tuners.single.threads, (isReading ? tuners.reading : tuners.batched).threads);
			}
			const startMs = performance.now();
			const code = lib.decode(pointer, { ...batch, nTokens: tokens });
			if (code === 0) {
				if (tuners !== null) {
					learn(tuners, tokens, isReading, performance.now() - startMs);
				}
				return "done";
			}
			if (code === noRoom) {
				return "full";
			}
			throw new Error(`llama_decode returned ${code}.`);
		},
		logits(row) {
			const address = lib.logitsRow(pointer, row);
			if (address === null) {
				throw new Error(`Row ${row} has no scores.`);
			}
			let view = views.get(address);
			if (view === undefined) {
				if (views.size > options.sequences * 2) {
					views.clear();
				}
				view = new Float32Array(koffi.view(address, rowBytes));
				views.set(address, view);
			}
			return view;
		},
		trim(sequence, fromPosition) {
			if (lib.removeFromSequence(memory, sequence, fromPosition, -1)) {
				return true;
			}
			lib.removeFromSequence(memory, sequence, -1, -1);
			return false;
		},
		copyPrefix(source, target, tokens) {
			lib.copySequence(memory, source, target, 0, tokens);
		},
		setThreads,
		tuneThreads(chosen) {
			tuners = chosen;
		},
		threads: () => threads.single,
		clear: () => lib.clearMemory(memory, false),
	};
}
