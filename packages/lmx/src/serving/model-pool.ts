import type { Logger } from "pino";
import type { EventBus } from "../events/event-bus.ts";
import type { InstalledModel } from "../library/installed-model.ts";
import { MemoryGate } from "../memory/memory-gate.ts";
import type { MemoryPredictor } from "../memory/memory-predictor.ts";
import { type AdmissionPlan, planAdmission, type ResidentMemory } from "../memory/plan-admission.ts";
import type { MemoryPrediction } from "../memory/predict-memory.ts";
import { type LoadFailure, LoadFailures } from "../supervision/load-failures.ts";
import type { Answer, AnswerError } from "./backend.ts";
import { type LoadOptions, needsNewProcess } from "./load-options.ts";
import type { RunnerFactory } from "./model-runner.ts";
import { ResidentModel } from "./resident-model.ts";

/** What the pool needs. */
export interface PoolParts {
	readonly createRunner: RunnerFactory;
	/** How a model is run when nobody says otherwise. */
	readonly defaultOptions: (model: InstalledModel) => LoadOptions;
	readonly predict: MemoryPredictor;
	/** What all models together may take now, of which `residents` have their part already. */
	readonly capacityBytes: (residents: readonly ResidentModel[]) => number;
	/** Why the file must not be loaded, in one sentence; null when it is sound. */
	readonly verify: (model: InstalledModel) => Promise<string | null>;
	/** The longest that a load waits for busy models, in milliseconds. */
	readonly admissionWaitMs: () => number;
	readonly events: EventBus;
	readonly logger: Logger;
}

/** A model that cannot be unloaded until `release` is called. */
export interface PoolLease {
	readonly resident: ResidentModel;
	release(): void;
}

/** A load that was let in. */
export interface StartedLoad {
	/** Settles when the model answers, with null, or with why it does not. */
	readonly loaded: Promise<AnswerError | null>;
}

/** How often a request follows its model to a new process before it gives up. */
const maxMoves = 4;

/** The models in memory: loads on demand, makes room, unloads what is idle, swaps without hurting open requests. */
export class ModelPool {
	readonly #parts: PoolParts;
	readonly #gate: MemoryGate;
	readonly #failures = new LoadFailures();
	readonly #current = new Map<string, ResidentModel>();
	readonly #leaving = new Set<ResidentModel>();
	/** How people asked for a model to be run; holds when it was unloaded to make room and comes back on demand. */
	readonly #wishes = new Map<string, LoadOptions>();
	/** Loads until their model has a place in memory. */
	readonly #starting = new Map<string, Promise<Answer<ResidentModel>>>();
	readonly #stopping = new AbortController();

	constructor(parts: PoolParts) {
		this.#parts = parts;
		this.#gate = new MemoryGate({
			capacityBytes: () => parts.capacityBytes(this.#all()),
			residents: () => this.#memories(),
			evict: (id) => this.#evict(id, "memory"),
			waitMs: parts.admissionWaitMs,
			now: () => performance.now(),
		});
	}

	/** The models that have a place in memory, without those that are leaving. */
	residents(): readonly ResidentModel[] {
		return [...this.#current.values()];
	}

	/** The process that answers for a model now. */
	find(modelId: string): ResidentModel | undefined {
		return this.#current.get(modelId);
	}

	/** Models whose last load failed, with why. */
	failures(): readonly { readonly modelId: string; readonly reason: string }[] {
		return this.#failures.all();
	}

	/** What all models together may take now. */
	get capacityBytes(): number {
		return Math.round(this.#parts.capacityBytes(this.#all()));
	}

	/** What the models take, or will once they are loaded. */
	get committedBytes(): number {
		return Math.round(this.#all().reduce((sum, { bytes }) => sum + bytes, 0));
	}

	/** What would have to be done for a model that needs this much. */
	plan(requiredBytes: number): AdmissionPlan {
		return planAdmission(this.capacityBytes, this.#memories(), requiredBytes);
	}

	/** What is free for models now, and what idle ones would give back. */
	room(): { readonly availableBytes: number; readonly evictableBytes: number } {
		const idle = this.#memories().filter(({ isBusy, isPinned }) => !isBusy && !isPinned);
		return {
			availableBytes: Math.max(0, this.capacityBytes - this.committedBytes),
			evictableBytes: Math.round(idle.reduce((sum, { bytes }) => sum + bytes, 0)),
		};
	}

	/** True while any process of the model answers somebody or is being loaded. */
	isBusy(modelId: string): boolean {
		return this.#all().some((resident) => resident.model.id === modelId && resident.isBusy);
	}

	/** Loads that wait for room. */
	get waitingLoads(): number {
		return this.#gate.waiting;
	}

	/** Holds a model for a request, loading it when it is not there. */
	async hold(model: InstalledModel, keepAliveMs: number | null | undefined, signal: AbortSignal): Promise<Answer<PoolLease>> {
		for (let move = 0; move < maxMoves; move++) {
			const resident = this.#current.get(model.id);
			if (resident === undefined || this.#gate.isClaimed(model.id)) {
				const failure = resident === undefined ? this.#failures.block(model.id, performance.now()) : null;
				if (failure !== null) {
					return { ok: false, error: unavailable(model.id, failure) };
				}
				const started = await this.#start(model, this.#wishes.get(model.id) ?? this.#parts.defaultOptions(model), signal);
				if (!started.ok) {
					return started;
				}
				continue;
			}
			const release = resident.hold(keepAliveMs);
			const problem = await resident.whenAnswering(signal);
			if (problem === null) {
				return { ok: true, value: { resident, release } };
			}
			release();
			if (!resident.isLeaving) {
				return { ok: false, error: problem };
			}
		}
		return {
			ok: false,
			error: { code: "model_unavailable", message: `The model ${model.id} is being changed again and again. Try again.` },
		};
	}

	/**
	 * Loads a model because somebody asked for it, also one that is broken. A loaded model with other options is
	 * replaced: beside the old process where memory allows, else after it has answered its open requests.
	 */
	async load(model: InstalledModel, options: LoadOptions, signal: AbortSignal): Promise<Answer<StartedLoad>> {
		this.#failures.forget(model.id);
		this.#wishes.set(model.id, options);
		await this.#starting.get(model.id);
		const resident = this.#current.get(model.id);
		if (resident !== undefined && !needsNewProcess(resident.options, options)) {
			resident.keep(options);
			return { ok: true, value: startedLoad(resident) };
		}
		if (resident !== undefined) {
			return { ok: true, value: { loaded: this.#replace(resident, options, signal) } };
		}
		const started = await this.#start(model, options, signal);
		return started.ok ? { ok: true, value: startedLoad(started.value) } : started;
	}

	/** Unloads a model; settles when its memory is free. False when it was not loaded. */
	async unload(modelId: string, mode: "drain" | "now"): Promise<boolean> {
		this.#failures.forget(modelId);
		this.#wishes.delete(modelId);
		const leaving = [...this.#leaving].filter(({ model }) => model.id === modelId);
		const resident = this.#current.get(modelId);
		if (resident === undefined && leaving.length === 0) {
			return false;
		}
		await Promise.all([
			resident === undefined ? undefined : this.#remove(resident, mode, "asked"),
			...leaving.map((old) => (mode === "now" ? old.leave("now") : undefined)),
		]);
		return true;
	}

	/** Ends every process; open requests get an error. */
	async stop(): Promise<void> {
		this.#stopping.abort();
		const all = this.#all();
		this.#current.clear();
		await Promise.all(all.map((resident) => resident.leave("now")));
	}

	/** Call when the memory that models may take has changed. */
	capacityChanged(): void {
		this.#gate.changed();
	}

	/** Also those that are leaving: they have their memory until they are gone. */
	#all(): readonly ResidentModel[] {
		return [...this.#current.values(), ...this.#leaving];
	}

	#memories(): readonly ResidentMemory[] {
		return this.#all().map((resident) => ({
			id: resident.model.id,
			bytes: resident.bytes,
			isBusy: resident.isBusy,
			isPinned: resident.options.isPinned,
			lastUsedAtMs: resident.lastUsedAtMs,
		}));
	}

	/** Gives the model a place in memory and begins to load it; several callers share one load. */
	#start(model: InstalledModel, options: LoadOptions, signal: AbortSignal): Promise<Answer<ResidentModel>> {
		const pending = this.#starting.get(model.id);
		if (pending !== undefined) {
			return pending;
		}
		const starting = this.#admit(model, options, signal).finally(() => this.#starting.delete(model.id));
		this.#starting.set(model.id, starting);
		return starting;
	}

	async #admit(model: InstalledModel, options: LoadOptions, signal: AbortSignal): Promise<Answer<ResidentModel>> {
		const { predict, verify, events } = this.#parts;
		events.publish({ type: "model.progress", model: model.id, stage: "verifying", fraction: null });
		let prediction: MemoryPrediction;
		try {
			const unsound = await verify(model);
			if (unsound !== null) {
				return this.#fail(model.id, unsound);
			}
			prediction = await predict(model, options);
		} catch (error) {
			return this.#fail(model.id, `The model file ${model.path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
		}
		let resident = this.#current.get(model.id);
		const admitted = await this.#gate.admit({
			modelId: model.id,
			requiredBytes: prediction.totalBytes,
			isSatisfied: () => this.#current.has(model.id),
			onAdmitted: () => {
				resident = this.#open(model, options, prediction);
				this.#current.set(model.id, resident);
				holdUntilLoaded(resident);
			},
			signal: AbortSignal.any([signal, this.#stopping.signal]),
		});
		if (!admitted.ok) {
			return admitted;
		}
		resident = this.#current.get(model.id) ?? resident;
		return resident === undefined
			? { ok: false, error: { code: "model_unavailable", message: `The model ${model.id} was unloaded at once. Try again.` } }
			: { ok: true, value: resident };
	}

	/** Makes the process of a model that has been let in. */
	#open(model: InstalledModel, options: LoadOptions, prediction: MemoryPrediction): ResidentModel {
		const { createRunner, events, logger } = this.#parts;
		const resident: ResidentModel = new ResidentModel(model, options, prediction, createRunner, {
			onState: (state, reason) => {
				events.publish({ type: "model.state", model: model.id, state, reason });
				if (state === "ready") {
					this.#failures.forget(model.id);
				}
				if (state === "failed" && this.#current.get(model.id) === resident) {
					this.#current.delete(model.id);
					this.#countFailure(resident, reason ?? `The model ${model.id} stopped.`);
				}
				this.#gate.changed();
			},
			onIdle: () => this.#gate.changed(),
			onExpired: () => void this.#evict(model.id, "idle", resident),
		});
		logger.info({ model: model.id, predictedBytes: prediction.totalBytes }, "model let into memory");
		return resident;
	}

	/** Runs a model in a new process with other options; null when it answers, else why it does not. */
	async #replace(old: ResidentModel, options: LoadOptions, signal: AbortSignal): Promise<AnswerError | null> {
		const { model } = old;
		const prediction = await this.#parts.predict(model, options);
		if (this.committedBytes + prediction.totalBytes > this.capacityBytes) {
			const gone = this.#remove(old, "drain", "replaced");
			const next = gone.then(() => this.#admit(model, options, signal)).finally(() => this.#starting.delete(model.id));
			this.#starting.set(model.id, next);
			const started = await next;
			return started.ok ? startedLoad(started.value).loaded : started.error;
		}
		const next = this.#open(model, options, prediction);
		this.#leaving.add(next);
		const failure = await next.loaded;
		this.#leaving.delete(next);
		if (failure !== null) {
			await next.leave("now");
			return { code: "model_unavailable", message: failure };
		}
		const replaced = this.#current.get(model.id);
		this.#current.set(model.id, next);
		if (replaced !== undefined) {
			void this.#finish(replaced, "drain", "replaced");
		}
		return null;
	}

	/** A model that answered once was restarted as often as makes sense before it was given up. */
	#countFailure(resident: ResidentModel, reason: string): void {
		const { id } = resident.model;
		if (resident.hasAnswered) {
			this.#failures.markBroken(id, reason);
		} else {
			this.#failures.add(id, reason, performance.now());
		}
	}

	#fail(modelId: string, reason: string): Answer<never> {
		this.#failures.add(modelId, reason, performance.now());
		this.#parts.events.publish({ type: "model.state", model: modelId, state: "failed", reason });
		return { ok: false, error: { code: "model_unavailable", message: reason } };
	}

	/** Unloads a model that is idle; one that was asked for meanwhile stays. */
	async #evict(modelId: string, reason: "memory" | "idle", only?: ResidentModel): Promise<void> {
		const resident = this.#current.get(modelId);
		if (resident !== undefined && !resident.isBusy && (only === undefined || only === resident)) {
			await this.#remove(resident, "drain", reason);
		}
	}

	#remove(resident: ResidentModel, mode: "drain" | "now", reason: EvictionReason): Promise<void> {
		this.#current.delete(resident.model.id);
		return this.#finish(resident, mode, reason);
	}

	async #finish(resident: ResidentModel, mode: "drain" | "now", reason: EvictionReason): Promise<void> {
		const { model, bytes } = resident;
		this.#leaving.add(resident);
		await resident.leave(mode);
		this.#leaving.delete(resident);
		this.#parts.logger.info({ model: model.id, reason, freedBytes: bytes }, "model unloaded");
		this.#parts.events.publish({ type: "model.evicted", model: model.id, reason, freedBytes: Math.round(bytes) });
		this.#gate.changed();
	}
}

/** Whoever asked for the model holds it in the moments after the load; nobody else may evict it before. */
function holdUntilLoaded(resident: ResidentModel): void {
	const release = resident.hold(undefined);
	void resident.loaded.then(() => setImmediate(release));
}

function startedLoad(resident: ResidentModel): StartedLoad {
	return { loaded: resident.loaded.then((failure) => (failure === null ? null : { code: "model_unavailable", message: failure })) };
}

type EvictionReason = "memory" | "idle" | "asked" | "replaced";

function unavailable(modelId: string, { reason, isBroken, retryInMs }: LoadFailure): AnswerError {
	const message = isBroken
		? `${reason} The model ${modelId} is not tried again until somebody asks for it: POST /admin/models/load.`
		: `${reason} It is tried again in ${Math.ceil((retryInMs ?? 0) / 1000)} s.`;
	return { code: "model_unavailable", message };
}
