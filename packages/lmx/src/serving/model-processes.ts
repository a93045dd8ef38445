import type { Logger } from "pino";
import type { EventBus } from "../events/event-bus.ts";
import type { InstalledModel } from "../library/installed-model.ts";
import { MemoryGate } from "../memory/memory-gate.ts";
import type { MemoryPredictor } from "../memory/memory-predictor.ts";
import type { MemoryPrediction } from "../memory/predict-memory.ts";
import { LoadFailures } from "../supervision/load-failures.ts";
import type { Answer } from "./backend.ts";
import { unavailable } from "./load-errors.ts";
import type { LoadOptions } from "./load-options.ts";
import type { RunnerFactory } from "./model-runner.ts";
import { ResidentModel } from "./resident-model.ts";
import { ResidentModels } from "./resident-models.ts";

/** What the processes of models are made with, and who hears of them. */
export interface ProcessParts {
	readonly createRunner: RunnerFactory;
	readonly predict: MemoryPredictor;
	/** What all models together may take now, of which `residents` have their part already. */
	readonly capacityBytes: (residents: readonly ResidentModel[]) => number;
	/** The longest that a load waits for busy models, in milliseconds. */
	readonly admissionWaitMs: () => number;
	readonly events: EventBus;
	readonly logger: Logger;
}

/** Why a model was unloaded. */
type EvictionReason = "memory" | "idle" | "asked" | "replaced";

/** The processes of models: which have memory, which failed, who waits for room; each beginning and end is told. */
export class ModelProcesses {
	readonly residents = new ResidentModels();
	readonly failures = new LoadFailures();
	readonly gate: MemoryGate;
	readonly #parts: ProcessParts;

	constructor(parts: ProcessParts) {
		this.#parts = parts;
		this.gate = new MemoryGate({
			capacityBytes: () => this.capacityBytes,
			residents: () => this.residents.memories(),
			evict: (id) => this.evict(id, "memory"),
			waitMs: parts.admissionWaitMs,
			now: () => performance.now(),
		});
	}

	/** What all models together may take now. */
	get capacityBytes(): number {
		return Math.round(this.#parts.capacityBytes(this.residents.all()));
	}

	/** Makes the process of a model that has been let in. */
	open(model: InstalledModel, options: LoadOptions, prediction: MemoryPrediction): ResidentModel {
		const { createRunner, events, logger } = this.#parts;
		const resident: ResidentModel = new ResidentModel(model, options, prediction, createRunner, {
			onState: (state, reason) => {
				events.publish({ type: "model.state", model: model.id, state, reason });
				if (state === "ready") {
					this.failures.forget(model.id);
				}
				if (state === "failed" && this.residents.find(model.id) === resident) {
					this.residents.remove(resident);
					this.#countFailure(resident, reason ?? `The model ${model.id} stopped.`);
					void resident.leave("now");
				}
				this.gate.changed();
			},
			onIdle: () => this.gate.changed(),
			onExpired: () => void this.evict(model.id, "idle", resident),
		});
		logger.info({ model: model.id, predictedBytes: prediction.totalBytes }, "model let into memory");
		return resident;
	}

	/** The memory that a model will take, or why that is not known. */
	async predict(model: InstalledModel, options: LoadOptions): Promise<Answer<MemoryPrediction>> {
		try {
			return { ok: true, value: await this.#parts.predict(model, options) };
		} catch (error) {
			return {
				ok: false,
				error: unavailable(`The model ${model.id} cannot be read: ${error instanceof Error ? error.message : String(error)}`),
			};
		}
	}

	/** Counts a load that was not begun, and tells it. */
	fail(modelId: string, reason: string): Answer<never> {
		this.failures.add(modelId, reason, performance.now());
		this.#parts.events.publish({ type: "model.state", model: modelId, state: "failed", reason });
		return { ok: false, error: unavailable(reason) };
	}

	/** Unloads a model that is idle; one that was asked for meanwhile stays. */
	async evict(modelId: string, reason: "memory" | "idle", only?: ResidentModel): Promise<void> {
		const resident = this.residents.find(modelId);
		if (resident !== undefined && !resident.isBusy && (only === undefined || only === resident)) {
			await this.finish(resident, "drain", reason);
		}
	}

	/** Unloads a model; settles when its memory is free. */
	async finish(resident: ResidentModel, mode: "drain" | "now", reason: EvictionReason): Promise<void> {
		const { model, bytes } = resident;
		this.residents.setAside(resident);
		await resident.leave(mode);
		this.residents.remove(resident);
		this.#parts.logger.info({ model: model.id, reason, freedBytes: bytes }, "model unloaded");
		this.#parts.events.publish({ type: "model.evicted", model: model.id, reason, freedBytes: Math.round(bytes) });
		this.gate.changed();
	}

	/** A model that answered once was restarted as often as makes sense before it was given up. */
	#countFailure(resident: ResidentModel, reason: string): void {
		const { id } = resident.model;
		if (resident.hasAnswered) {
			this.failures.markBroken(id, reason);
		} else {
			this.failures.add(id, reason, performance.now());
		}
	}
}
