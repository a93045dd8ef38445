import type { InstalledModel } from "../library/installed-model.ts";
import type { MemoryPrediction } from "../memory/predict-memory.ts";
import type { InferenceBackend } from "../serving/backend.ts";
import type { LoadOptions } from "../serving/load-options.ts";
import { type ModelRunner, noSteps, type RunnerFactory, type RunnerListener } from "../serving/model-runner.ts";

/** A runner that loads when it is told to. */
export interface FakeRunner extends ModelRunner {
	readonly model: InstalledModel;
	readonly options: LoadOptions;
	readonly listener: RunnerListener;
	readonly isStopped: boolean;
	/** Ends the load: null when the model answers. */
	finish(failure?: string | null): void;
}

/** Options of a model that stays. */
export const plainOptions: LoadOptions = {
	contextTokens: null,
	sequences: 8,
	gpuLayers: null,
	threads: null,
	speculation: null,
	engine: null,
	keepAliveMs: null,
	isPinned: false,
};

/** A model of a size, on no disk. */
export function fakeModel(id: string, fileBytes: number): InstalledModel {
	return {
		id,
		title: id,
		format: "gguf",
		path: `/models/${id}.gguf`,
		folder: "/models",
		files: [],
		fileBytes,
		modifiedAt: new Date(0),
		architecture: "llama",
		quantisation: null,
		trainedContextTokens: 4096,
		licence: null,
		parameters: null,
		sha256: null,
		defaultSystemPrompt: null,
		defaultTemperature: null,
		source: "installed",
		origin: null,
	};
}

/** A prediction of exactly this much. */
export function fakePrediction(totalBytes: number): MemoryPrediction {
	return { weightBytes: totalBytes, cacheBytes: 0, computeBytes: 0, overheadBytes: 0, totalBytes, vramBytes: 0, countedBytes: totalBytes };
}

/** Makes runners and remembers them, the newest last. With `loadsAtOnce` they are ready by themselves. */
export function fakeRunners(loadsAtOnce: boolean): { readonly create: RunnerFactory; readonly made: FakeRunner[] } {
	const made: FakeRunner[] = [];
	const create: RunnerFactory = (model, options, listener) => {
		const loaded = Promise.withResolvers<string | null>();
		let state: ModelRunner["state"] = "loading";
		let reason: string | null = null;
		let isStopped = false;
		const runner: FakeRunner = {
			model,
			options,
			listener,
			get isStopped() {
				return isStopped;
			},
			get state() {
				return state;
			},
			backend: {} as InferenceBackend,
			start() {
				if (loadsAtOnce) {
					queueMicrotask(() => runner.finish());
				}
				return loaded.promise;
			},
			finish(failure = null) {
				reason = failure;
				state = failure === null ? "ready" : "failed";
				listener.onState(state, failure);
				loaded.resolve(failure);
			},
			unhealthyReason: () => (state === "ready" ? null : (reason ?? `The model ${model.id} is ${state}.`)),
			status: () => ({
				contextTokens: null,
				sequences: null,
				threads: null,
				ramBytes: null,
				modelBytes: null,
				activeRequests: 0,
				queuedRequests: 0,
				tokensPerSecond: null,
				promptTokensPerSecond: null,
				expectedWaitMs: null,
				steps: noSteps,
				restarts: 0,
				loadedAt: null,
			}),
			heldBytes: () => null,
			async stop() {
				isStopped = true;
				state = "unloaded";
				listener.onState(state, null);
				loaded.resolve("stopped");
			},
		};
		made.push(runner);
		return runner;
	};
	return { create, made };
}
