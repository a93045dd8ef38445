import type { LoadedModel, ModelMemory } from "@opta/contracts/schema/lmx-status";
import type { MemoryPrediction } from "../memory/predict-memory.ts";
import { noSteps } from "../serving/model-runner.ts";
import type { ResidentModel } from "../serving/resident-model.ts";

/** A prediction beside what was really taken; null while that is not known. */
export function describeMemory(prediction: MemoryPrediction, realBytes: number | null): ModelMemory {
	const { totalBytes, weightBytes, cacheBytes, computeBytes, overheadBytes } = prediction;
	return {
		predictedBytes: totalBytes,
		weightBytes: Math.round(weightBytes),
		cacheBytes: Math.round(cacheBytes),
		computeBytes: Math.round(computeBytes),
		overheadBytes: Math.round(overheadBytes),
		realBytes,
		errorPercent: realBytes === null || realBytes === 0 ? null : Math.round((totalBytes / realBytes - 1) * 1000) / 10,
	};
}

function isoTime(ms: number | null): string | null {
	return ms === null ? null : new Date(ms).toISOString();
}

/** What the status tells of a model in memory. */
export function describeResident(resident: ResidentModel): LoadedModel {
	const { model, runner, state, options, prediction, expiresAtMs } = resident;
	const { loadedAt, modelBytes, ...rest } = runner.status();
	return {
		...rest,
		id: model.id,
		state,
		reason: runner.unhealthyReason(),
		memory: describeMemory(prediction, modelBytes),
		pinned: options.isPinned,
		expiresAt: isoTime(expiresAtMs),
		loadedAt: isoTime(loadedAt?.getTime() ?? null),
	};
}

/** What the status tells of a model that could not be loaded, or was given up. */
export function describeFailure({ modelId, reason }: { readonly modelId: string; readonly reason: string }): LoadedModel {
	return {
		id: modelId,
		state: "failed",
		reason,
		contextTokens: null,
		sequences: null,
		threads: null,
		ramBytes: null,
		memory: null,
		pinned: false,
		expiresAt: null,
		activeRequests: 0,
		queuedRequests: 0,
		tokensPerSecond: null,
		promptTokensPerSecond: null,
		expectedWaitMs: null,
		steps: noSteps,
		restarts: 0,
		loadedAt: null,
	};
}
