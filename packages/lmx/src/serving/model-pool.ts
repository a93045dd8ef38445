import type { Logger } from "pino";
import type { EventBus } from "../events/event-bus.ts";
import type { InstalledModel } from "../library/installed-model.ts";
import { MemoryGate } from "../memory/memory-gate.ts";
import type { MemoryPredictor } from "../memory/memory-predictor.ts";
import type { AdmissionPlan } from "../memory/plan-admission.ts";
import type { MemoryPrediction } from "../memory/predict-memory.ts";
import { neverFits, refuseAdmission } from "../memory/refuse-admission.ts";
import { LoadFailures } from "../supervision/load-failures.ts";
import type { Answer, AnswerError } from "./backend.ts";
import { blocked, leftWhileLoading, unavailable } from "./load-errors.ts";
import { type LoadOptions, needsNewProcess } from "./load-options.ts";
import type { RunnerFactory } from "./model-runner.ts";
import { ResidentModel } from "./resident-model.ts";
import { ResidentModels } from "./resident-models.ts";
import { SharedLoad } from "./shared-load.ts";

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

/** Why a model was unloaded. */
type EvictionReason = "memory" | "idle" | "asked" | "replaced";

/** The models in memory: loads on demand, makes room, unloads what is idle, swaps without hurting open requests. */
export class ModelPool {
	readonly #parts: PoolParts;
	readonly #gate: MemoryGate;
	readonly #failures = new LoadFailures();
	readonly #residents = new ResidentModels();
	/** How people asked for a model to be run; holds when it was unloaded to make room and comes back on demand. */
	readonly #wishes = new Map<string, LoadOptions>();
	/** Loads until their model has a place in memory. */
	readonly #starting = new Map<string, SharedLoad<Answer<ResidentModel>>>();
	readonly #stopping = new AbortController();

	constructor(parts: PoolParts) {
		this.#parts = parts;
		this.#gate = new MemoryGate({
			capacityBytes: () => this.capacityBytes,
			residents: () => this.#residents.memories(),
			evict: (id) => this.#evict(id, "memory"),
			waitMs: parts.admissionWaitMs,
			now: () => performance.now(),
		});
	}

	/** The models that have a place in memory, without those that are leaving. */
	residents(): readonly ResidentModel[] {
		return this.#residents.current();
	}

	/** The process that answers for a model now. */
	find(modelId: string): ResidentModel | undefined {
		return this.#residents.find(modelId);
	}

	/** Models whose last load failed, with why. */
	failures(): readonly { readonly modelId: string; readonly reason: string }[] {
		return this.#failures.all();
	}

	/** What all models together may take now. */
	get capacityBytes(): number {
		return Math.round(this.#parts.capacityBytes(this.#residents.all()));
	}

	/** What the models take, or will once they are loaded. */
	get committedBytes(): number {
		return this.#residents.committedBytes;
	}

	/** What would have to be done for a model that needs this much. */
	plan(requiredBytes: number): AdmissionPlan {
		return this.#residents.plan(this.capacityBytes, requiredBytes);
	}

	/** What is free for models now, and what idle ones would give back. */
	room(): { readonly availableBytes: number; readonly evictableBytes: number } {
		return {
			availableBytes: Math.max(0, this.capacityBytes - this.committedBytes),
			evictableBytes: Math.round(this.#residents.evictable().reduce((sum, { bytes }) => sum + bytes, 0)),
		};
	}

	/** True while any process of the model answers somebody or is being loaded. */
	isBusy(modelId: string): boolean {
		return this.#residents.all().some((resident) => resident.model.id === modelId && resident.isBusy);
	}

	/** Holds a model for a request, loading it when it is not there. */
	async hold(model: InstalledModel, keepAliveMs: number | null | undefined, signal: AbortSignal): Promise<Answer<PoolLease>> {
		for (let move = 0; move < maxMoves; move++) {
			const resident = this.find(model.id);
			if (resident === undefined || this.#gate.isClaimed(model.id)) {
				const failure = resident === undefined ? this.#failures.block(model.id, performance.now()) : null;
				if (failure !== null) {
					return { ok: false, error: blocked(model.id, failure) };
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
		return { ok: false, error: unavailable(`The model ${model.id} is being changed again and again. Try again.`) };
	}

	/**
	 * Loads a model because somebody asked for it, also one that is broken. A loaded model with other options is
	 * replaced: beside the old process where memory allows, else after it has answered its open requests. The options hold
	 * from then on.
	 */
	async load(model: InstalledModel, options: LoadOptions, signal: AbortSignal): Promise<Answer<StartedLoad>> {
		this.#failures.forget(model.id);
		await this.#starting.get(model.id)?.result;
		const resident = this.find(model.id);
		if (resident !== undefined && needsNewProcess(resident.options, options)) {
			return { ok: true, value: this.#remember(model.id, options, this.#replace(resident, options)) };
		}
		if (resident !== undefined) {
			resident.keep(options);
			return { ok: true, value: this.#remember(model.id, options, loadedOf(resident)) };
		}
		const started = await this.#start(model, options, signal);
		return started.ok ? { ok: true, value: this.#remember(model.id, options, loadedOf(started.value)) } : started;
	}

	/** Unloads a model; settles when its memory is free. False when it was not loaded. */
	async unload(modelId: string, mode: "drain" | "now"): Promise<boolean> {
		this.#failures.forget(modelId);
		this.#wishes.delete(modelId);
		const resident = this.find(modelId);
		const besides = this.#residents.all().filter((each) => each.model.id === modelId && each !== resident);
		await Promise.all([
			resident === undefined ? undefined : this.#finish(resident, mode, "asked"),
			...besides.map((each) => (mode === "now" ? each.leave("now") : undefined)),
		]);
		return resident !== undefined || besides.length > 0;
	}

	/** Unloads idle models when everything on the machine together is above the ceiling. */
	async relieve(): Promise<void> {
		const plan = this.plan(0);
		const doomed = plan.kind === "fits" ? plan.evict : this.#residents.evictable().map(({ id }) => id);
		await Promise.all(doomed.map((id) => this.#evict(id, "memory")));
	}

	/** Ends every process; open requests get an error. */
	async stop(): Promise<void> {
		this.#stopping.abort();
		await Promise.all(this.#residents.all().map((resident) => resident.leave("now")));
	}

	/** Gives the model a place in memory and begins to load it; several callers share one load. */
	async #start(model: InstalledModel, options: LoadOptions, signal: AbortSignal): Promise<Answer<ResidentModel>> {
		const running = this.#starting.get(model.id);
		const load = running?.isGivenUp === false ? running : this.#share(model.id, (each) => this.#admit(model, options, each));
		return (await load.join(signal)) ?? { ok: false, error: leftWhileLoading };
	}

	#share(modelId: string, run: (signal: AbortSignal) => Promise<Answer<ResidentModel>>): SharedLoad<Answer<ResidentModel>> {
		const load: SharedLoad<Answer<ResidentModel>> = new SharedLoad(
			(signal) =>
				run(signal).finally(() => {
					if (this.#starting.get(modelId) === load) {
						this.#starting.delete(modelId);
					}
				}),
			this.#stopping.signal,
		);
		this.#starting.set(modelId, load);
		return load;
	}

	async #admit(model: InstalledModel, options: LoadOptions, signal: AbortSignal): Promise<Answer<ResidentModel>> {
		const { verify, events } = this.#parts;
		events.publish({ type: "model.progress", model: model.id, stage: "verifying", fraction: null });
		const unsound = await verify(model).catch((error: unknown) => `The model file ${model.path} cannot be read: ${String(error)}`);
		if (unsound !== null) {
			return this.#fail(model.id, unsound);
		}
		const prediction = await this.#predict(model, options);
		if (!prediction.ok) {
			return this.#fail(model.id, prediction.error.message);
		}
		const admitted = await this.#gate.admit({
			modelId: model.id,
			requiredBytes: prediction.value.countedBytes,
			isSatisfied: () => this.find(model.id) !== undefined,
			onAdmitted: () => {
				const resident = this.#open(model, options, prediction.value);
				this.#residents.promote(resident);
				holdUntilLoaded(resident);
			},
			signal,
		});
		if (!admitted.ok) {
			return admitted;
		}
		const resident = this.find(model.id);
		return resident === undefined
			? { ok: false, error: unavailable(`The model ${model.id} was unloaded at once. Try again.`) }
			: { ok: true, value: resident };
	}

	async #predict(model: InstalledModel, options: LoadOptions): Promise<Answer<MemoryPrediction>> {
		try {
			return { ok: true, value: await this.#parts.predict(model, options) };
		} catch (error) {
			return {
				ok: false,
				error: unavailable(`The model ${model.id} cannot be read: ${error instanceof Error ? error.message : String(error)}`),
			};
		}
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
				if (state === "failed" && this.find(model.id) === resident) {
					this.#residents.remove(resident);
					this.#countFailure(resident, reason ?? `The model ${model.id} stopped.`);
					void resident.leave("now");
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
	async #replace(old: ResidentModel, options: LoadOptions): Promise<AnswerError | null> {
		const { model } = old;
		const prediction = await this.#predict(model, options);
		if (!prediction.ok) {
			return prediction.error;
		}
		if (this.#stopping.signal.aborted) {
			return unavailable("LMX is being stopped.");
		}
		const requiredBytes = prediction.value.countedBytes;
		if (this.committedBytes + requiredBytes > this.capacityBytes) {
			const plan = this.#residents.plan(this.capacityBytes, requiredBytes, old);
			if (plan.kind === "refuse") {
				return refuseAdmission({ modelId: model.id, requiredBytes }, plan, neverFits);
			}
			return this.#replaceAfter(this.#finish(old, "drain", "replaced"), model, options);
		}
		const next = this.#open(model, options, prediction.value);
		this.#residents.setAside(next);
		const failure = await next.loaded;
		if (failure !== null) {
			this.#residents.remove(next);
			await next.leave("now");
			return unavailable(failure);
		}
		const replaced = this.#residents.promote(next);
		if (replaced !== undefined) {
			void this.#finish(replaced, "drain", "replaced");
		}
		return null;
	}

	async #replaceAfter(gone: Promise<void>, model: InstalledModel, options: LoadOptions): Promise<AnswerError | null> {
		const load = this.#share(model.id, async (signal) => {
			await gone;
			return this.#admit(model, options, signal);
		});
		const started = await load.result;
		return started.ok ? loadedOf(started.value) : started.error;
	}

	/** Options that a model has answered with hold until it is unloaded by request. */
	#remember(modelId: string, options: LoadOptions, loaded: Promise<AnswerError | null>): StartedLoad {
		return {
			loaded: loaded.then((problem) => {
				if (problem === null) {
					this.#wishes.set(modelId, options);
				}
				return problem;
			}),
		};
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
		return { ok: false, error: unavailable(reason) };
	}

	/** Unloads a model that is idle; one that was asked for meanwhile stays. */
	async #evict(modelId: string, reason: "memory" | "idle", only?: ResidentModel): Promise<void> {
		const resident = this.find(modelId);
		if (resident !== undefined && !resident.isBusy && (only === undefined || only === resident)) {
			await this.#finish(resident, "drain", reason);
		}
	}

	async #finish(resident: ResidentModel, mode: "drain" | "now", reason: EvictionReason): Promise<void> {
		const { model, bytes } = resident;
		this.#residents.setAside(resident);
		await resident.leave(mode);
		this.#residents.remove(resident);
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

function loadedOf(resident: ResidentModel): Promise<AnswerError | null> {
	return resident.loaded.then((failure) => (failure === null ? null : unavailable(failure)));
}
