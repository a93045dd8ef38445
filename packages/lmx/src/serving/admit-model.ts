import type { EventBus } from "../events/event-bus.ts";
import type { InstalledModel } from "../library/installed-model.ts";
import type { Answer } from "./backend.ts";
import { leftWhileLoading, unavailable } from "./load-errors.ts";
import type { LoadOptions } from "./load-options.ts";
import type { ModelProcesses } from "./model-processes.ts";
import type { ResidentModel } from "./resident-model.ts";

/** What is checked before, and who hears of it. */
export interface AdmissionChecks {
	/** Why the file must not be loaded, in one sentence; null when it is sound. An abort ends the reading. */
	readonly verify: (model: InstalledModel, signal: AbortSignal) => Promise<string | null>;
	readonly events: EventBus;
}

/** A model that is to be loaded. */
export interface WantedModel {
	readonly model: InstalledModel;
	readonly options: LoadOptions;
	readonly signal: AbortSignal;
}

/** Whoever asked for the model holds it in the moments after the load; nobody else may evict it before. */
function holdUntilLoaded(resident: ResidentModel): void {
	const release = resident.hold(undefined);
	void resident.loaded.then(() => setImmediate(release));
}

/** Checks a model's file, waits until there is memory for it, and begins to load it. */
export async function admitModel(
	processes: ModelProcesses,
	{ verify, events }: AdmissionChecks,
	{ model, options, signal }: WantedModel,
): Promise<Answer<ResidentModel>> {
	events.publish({ type: "model.progress", model: model.id, stage: "verifying", fraction: null });
	const unsound = await verify(model, signal).catch((error: unknown) => `The model file ${model.path} cannot be read: ${String(error)}`);
	if (signal.aborted) {
		return { ok: false, error: leftWhileLoading };
	}
	if (unsound !== null) {
		return processes.fail(model.id, unsound);
	}
	const prediction = await processes.predict(model, options);
	if (!prediction.ok) {
		return processes.fail(model.id, prediction.error.message);
	}
	const admitted = await processes.gate.admit({
		modelId: model.id,
		requiredBytes: prediction.value.countedBytes,
		isSatisfied: () => processes.residents.find(model.id) !== undefined,
		onAdmitted: () => {
			const resident = processes.open(model, options, prediction.value);
			processes.residents.promote(resident);
			holdUntilLoaded(resident);
		},
		signal,
	});
	if (!admitted.ok) {
		return admitted;
	}
	const resident = processes.residents.find(model.id);
	return resident === undefined
		? { ok: false, error: unavailable(`The model ${model.id} was unloaded at once. Try again.`) }
		: { ok: true, value: resident };
}
