import { api, build } from "@opta/contracts/build";
import type { ModelState } from "@opta/contracts/schema/lmx-models";
import type { Health, LmxStatus } from "@opta/contracts/schema/lmx-status";
import type { ModelLibrary } from "../library/installed-model.ts";
import type { MachineMemory } from "../memory/machine-memory.ts";
import type { ModelPool } from "../serving/model-pool.ts";
import { bestLoaded } from "../serving/model-provider.ts";
import { describeFailure, describeResident } from "./describe-loaded.ts";

/** What the server tells about itself is read from these. */
export interface ServerState {
	readonly pool: ModelPool;
	readonly library: ModelLibrary;
	readonly defaultModel: () => string;
	/** The memory that models are counted against. */
	readonly memory: () => MachineMemory;
	/** What the owner of this host should know and change, in sentences. */
	readonly warnings: () => readonly string[];
}

const bytesPerGb = 1024 ** 3;

function failuresOf(pool: ModelPool): readonly { readonly modelId: string; readonly reason: string }[] {
	return pool.failures().filter(({ modelId }) => pool.find(modelId) === undefined);
}

/** Answer of `GET /admin/status`. */
export function statusOf({ pool, memory, warnings }: ServerState): LmxStatus {
	const { base, totalBytes, availableBytes } = memory();
	const models = [...pool.residents().map(describeResident), ...failuresOf(pool).map(describeFailure)];
	const sum = (values: readonly (number | null)[]): number => values.reduce<number>((total, value) => total + (value ?? 0), 0);
	return {
		memory: {
			available_gb: Math.round((availableBytes / bytesPerGb) * 10) / 10,
			used_percent: Math.round((1 - availableBytes / totalBytes) * 1000) / 10,
			loaded_models: models.filter(({ state }) => state === "ready").map(({ id }) => id),
			base,
			totalBytes,
			availableBytes,
			capacityBytes: pool.capacityBytes,
			committedBytes: pool.committedBytes,
		},
		performance: {
			avg_tokens_per_sec: Math.round(sum(models.map(({ tokensPerSecond }) => tokensPerSecond)) * 10) / 10,
			concurrent_requests: sum(models.map(({ activeRequests }) => activeRequests)),
			queuedRequests: sum(models.map(({ queuedRequests }) => queuedRequests)),
		},
		models,
		build,
		api,
		uptimeMs: Math.round(process.uptime() * 1000),
		warnings: [...warnings()],
	};
}

/** Where a model of this machine stands. */
export function stateOf(pool: ModelPool, modelId: string): ModelState {
	return pool.find(modelId)?.state ?? (pool.failures().some((failure) => failure.modelId === modelId) ? "failed" : "unloaded");
}

/**
 * Healthy when a request without a model's name would be answered: by a loaded model that makes progress, or by the
 * default one, which is loaded on demand. A model that makes no progress is reported, also beside others.
 */
export function readiness({ pool, library, defaultModel }: ServerState): Health {
	const stalled = pool.residents().find(({ state, runner }) => state === "ready" && runner.unhealthyReason() !== null);
	const best = bestLoaded(pool.residents());
	if (stalled === undefined && best !== undefined) {
		return { status: "ok", build, api };
	}
	const id = stalled?.model.id ?? defaultModel();
	const resident = pool.find(id);
	if (resident !== undefined) {
		const reason = resident.runner.unhealthyReason() ?? `The model ${id} is being loaded.`;
		return { status: resident.state === "loading" ? "starting" : "unhealthy", reason, build, api };
	}
	const failure = pool.failures().find(({ modelId }) => modelId === id);
	if (failure !== undefined) {
		return { status: "unhealthy", reason: failure.reason, build, api };
	}
	return library.find(id) === undefined
		? { status: "unhealthy", reason: library.explainMissing(id), build, api }
		: { status: "ok", build, api };
}
