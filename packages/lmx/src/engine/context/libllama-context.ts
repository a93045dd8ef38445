import koffi from "koffi";
import type { Libllama } from "../library/libllama.ts";
import type { Pointer } from "../library/struct-layouts.ts";
import type { ThreadTuner } from "../threads/thread-tuner.ts";
import { createDecodeBatch } from "./decode-batch.ts";
import type { InferenceContext } from "./inference-context.ts";
import type { LoadedModel } from "./libllama-model.ts";

/** Most tokens of a step: more gains nothing on a CPU, and a step cannot be interrupted. */
const batchTokens = 512;

/** Shorter steps of a prompt say nothing about its speed. */
const minComparedPrompt = 16;

/** Beside one for every answer: sequences that keep a beginning, and one for moving state. */
const spareSequences = 2;

/** Return value of `llama_decode` when the cache has no room for the batch. */
const noRoom = 1;
/** Return values when memory could not be had, or the device failed. */
const failures: readonly number[] = [-2, -3];

/** Choose the threads of a step by what is in it: one answer, several answers, or tokens of prompts. */
export interface StepTuners {
	readonly single: ThreadTuner;
	readonly batched: ThreadTuner;
	readonly reading: ThreadTuner;
}

/** How a context is made. */
export interface ContextOptions {
	readonly contextTokens: number;
	/** Answers at the same time. */
	readonly sequences: number;
	readonly poolThreads: number;
	/** Tokens guessed ahead of an answer in one step; 0 for none. */
	readonly draftTokens: number;
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
export function openContext(lib: Libllama, model: LoadedModel, options: ContextOptions): LibllamaContext | null {
	const { sequences, poolThreads } = options;
	const cacheSequences = model.keepsPrefixes ? sequences * 2 + spareSequences : sequences;
	const batchOutputs = Math.min(batchTokens, cacheSequences + options.draftTokens);
	const threads = { single: poolThreads, batched: poolThreads };
	const pool = lib.newThreadPool(poolThreads);
	const create = (): Pointer | null => {
		const created = lib.newContext(model.pointer, {
			...lib.contextDefaultParams(),
			nCtx: options.contextTokens,
			nBatch: batchTokens,
			nUbatch: batchTokens,
			nSeqMax: cacheSequences,
			nOutputsMax: batchOutputs,
			nThreads: threads.single,
			nThreadsBatch: threads.batched,
			kvUnified: true,
			noPerf: true,
		});
		if (created !== null) {
			lib.attachThreadPool(created, pool, pool);
		}
		return created;
	};
	const first = create();
	if (first === null) {
		lib.freeThreadPool(pool);
		return null;
	}
	let pointer = first;
	let memory = lib.contextMemory(pointer);
	const batch = createDecodeBatch(batchTokens);
	const rowBytes = model.vocabulary.size * Float32Array.BYTES_PER_ELEMENT;
	/** Views by address: the library keeps its output buffer for as long as it is large enough. */
	const views = new Map<Pointer, Float32Array>();
	let tuners: StepTuners | null = null;
	const setThreads = (single: number, batched: number): void => {
		if (single !== threads.single || batched !== threads.batched) {
			threads.single = single;
			threads.batched = batched;
			lib.setThreads(pointer, single, batched);
		}
	};

	return {
		contextTokens: lib.contextTokens(pointer),
		sequences,
		cacheSequences,
		batchTokens,
		batchOutputs,
		keepsPrefixes: model.keepsPrefixes,
		add: batch.add,
		decode() {
			const { tokens, outputs } = batch;
			const isReading = outputs < tokens;
			if (tuners !== null) {
				setThreads(tuners.single.threads, (isReading ? tuners.reading : tuners.batched).threads);
			}
			const startMs = performance.now();
			const code = lib.decode(pointer, batch.take());
			if (code === 0) {
				if (tuners !== null) {
					learn(tuners, tokens, isReading, performance.now() - startMs);
				}
				return "done";
			}
			if (code === noRoom) {
				return "full";
			}
			if (failures.includes(code)) {
				return "failed";
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
				if (views.size > batchOutputs * 2) {
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
		drop: (sequence, from, to) => {
			lib.removeFromSequence(memory, sequence, from, to);
		},
		share: (source, target, from, to) => lib.copySequence(memory, source, target, from, to),
		canContinue: (sequence, tokens) =>
			model.slidingWindow === 0 || lib.firstPosition(memory, sequence) <= Math.max(0, tokens - model.slidingWindow),
		saveState(sequence) {
			const state = new Uint8Array(Number(lib.sequenceStateBytes(pointer, sequence)));
			return state.subarray(0, Number(lib.readSequenceState(pointer, state, state.length, sequence)));
		},
		restoreState(sequence, state) {
			if (Number(lib.writeSequenceState(pointer, state, state.length, sequence)) === state.length) {
				return true;
			}
			lib.removeFromSequence(memory, sequence, -1, -1);
			return false;
		},
		rebuild() {
			lib.freeContext(pointer);
			views.clear();
			const next = create();
			if (next === null) {
				throw new Error("There is not enough memory to take the model's context anew.");
			}
			pointer = next;
			memory = lib.contextMemory(pointer);
		},
		setThreads,
		tuneThreads(chosen) {
			tuners = chosen;
		},
		threads: () => threads.single,
		clear: () => lib.clearMemory(memory, false),
	};
}
