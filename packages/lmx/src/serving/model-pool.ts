import type { InstalledModel } from "../library/installed-model.ts";
import type { AdmissionPlan } from "../memory/plan-admission.ts";
import { neverFits, refuseAdmission } from "../memory/refuse-admission.ts";
import { type AdmissionChecks, admitModel } from "./admit-model.ts";
import type { Answer, AnswerError } from "./backend.ts";
import { blocked, leftWhileLoading, unavailable } from "./load-errors.ts";
import { type LoadOptions, needsNewProcess } from "./load-options.ts";
import { ModelProcesses, type ProcessParts } from "./model-processes.ts";
import type { ResidentModel } from "./resident-model.ts";
import { SharedLoads } from "./shared-load.ts";

/** What the pool needs. */
export interface PoolParts extends ProcessParts, AdmissionChecks {
	/** How a model is run when nobody says otherwise. */
	readonly defaultOptions: (model: InstalledModel) => LoadOptions;
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
	readonly #processes: ModelProcesses;
	/** How people asked for a model to be run; holds when it was unloaded to make room and comes back on demand. */
	readonly #wishes = new Map<string, LoadOptions>();
	/** Loads until their model has a place in memory. */
	readonly #starting = new SharedLoads<Answer<ResidentModel>>();

	constructor(parts: PoolParts) {
		this.#parts = parts;
		this.#processes = new ModelProcesses(parts);
	}

	/** The models that have a place in memory, without those that are leaving. */
	residents(): readonly ResidentModel[] {
		return this.#processes.residents.current();
	}

	/** The process that answers for a model now. */
	find(modelId: string): ResidentModel | undefined {
		return this.#processes.residents.find(modelId);
	}

	/** Models whose last load failed, with why. */
	failures(): readonly { readonly modelId: string; readonly reason: string }[] {
		return this.#processes.failures.all();
	}

	/** What all models together may take now. */
	get capacityBytes(): number {
		return this.#processes.capacityBytes;
	}

	/** What the models take, or will once they are loaded. */
	get committedBytes(): number {
		return this.#processes.residents.committedBytes;
	}

	/** What would have to be done for a model that needs this much. */
	plan(requiredBytes: number): AdmissionPlan {
		return this.#processes.residents.plan(this.capacityBytes, requiredBytes);
	}

	/** What is free for models now, and what idle ones would give back. */
	room(): { readonly availableBytes: number; readonly evictableBytes: number } {
		return {
			availableBytes: Math.max(0, this.capacityBytes - this.committedBytes),
			evictableBytes: Math.round(this.#processes.residents.evictable().reduce((sum, { bytes }) => sum + bytes, 0)),
		};
	}

	/** True while any process of the model answers somebody or is being loaded. */
	isBusy(modelId: string): boolean {
		return this.#processes.residents.all().some((resident) => resident.model.id === modelId && resident.isBusy);
	}

	/** Holds a model for a request, loading it when it is not there. */
	async hold(model: InstalledModel, keepAliveMs: number | null | undefined, signal: AbortSignal): Promise<Answer<PoolLease>> {
		for (let move = 0; move < maxMoves; move++) {
			const resident = this.find(model.id);
			if (resident === undefined || this.#processes.gate.isClaimed(model.id)) {
				const failure = resident === undefined ? this.#processes.failures.block(model.id, performance.now()) : null;
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
		this.#processes.failures.forget(model.id);
		await this.#starting.running(model.id)?.result;
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
		this.#processes.failures.forget(modelId);
		this.#wishes.delete(modelId);
		const resident = this.find(modelId);
		const besides = this.#processes.residents.all().filter((each) => each.model.id === modelId && each !== resident);
		await Promise.all([
			resident === undefined ? undefined : this.#processes.finish(resident, mode, "asked"),
			...besides.map((each) => (mode === "now" ? each.leave("now") : undefined)),
		]);
		return resident !== undefined || besides.length > 0;
	}

	/** Unloads idle models when everything on the machine together is above the ceiling. */
	async relieve(): Promise<void> {
		const plan = this.plan(0);
		const doomed = plan.kind === "fits" ? plan.evict : this.#processes.residents.evictable().map(({ id }) => id);
		await Promise.all(doomed.map((id) => this.#processes.evict(id, "memory")));
	}

	/** Ends every process; open requests get an error. */
	async stop(): Promise<void> {
		this.#starting.stop();
		await Promise.all(this.#processes.residents.all().map((resident) => resident.leave("now")));
	}

	/** Gives the model a place in memory and begins to load it; several callers share one load. */
	async #start(model: InstalledModel, options: LoadOptions, signal: AbortSignal): Promise<Answer<ResidentModel>> {
		const load = this.#starting.get(model.id, (each) => this.#admit(model, options, each));
		return (await load.join(signal)) ?? { ok: false, error: leftWhileLoading };
	}

	#admit(model: InstalledModel, options: LoadOptions, signal: AbortSignal): Promise<Answer<ResidentModel>> {
		return admitModel(this.#processes, this.#parts, { model, options, signal });
	}

	/** Runs a model in a new process with other options; null when it answers, else why it does not. */
	async #replace(old: ResidentModel, options: LoadOptions): Promise<AnswerError | null> {
		const { model } = old;
		const prediction = await this.#processes.predict(model, options);
		if (!prediction.ok) {
			return prediction.error;
		}
		if (this.#starting.isStopped) {
			return unavailable("LMX is being stopped.");
		}
		const requiredBytes = prediction.value.countedBytes;
		if (this.committedBytes + requiredBytes > this.capacityBytes) {
			const plan = this.#processes.residents.plan(this.capacityBytes, requiredBytes, old);
			if (plan.kind === "refuse") {
				return refuseAdmission({ modelId: model.id, requiredBytes }, plan, neverFits);
			}
			return this.#replaceAfter(this.#processes.finish(old, "drain", "replaced"), model, options);
		}
		const next = this.#processes.open(model, options, prediction.value);
		this.#processes.residents.setAside(next);
		const failure = await next.loaded;
		if (failure !== null) {
			this.#processes.residents.remove(next);
			await next.leave("now");
			return unavailable(failure);
		}
		const replaced = this.#processes.residents.promote(next);
		if (replaced !== undefined) {
			void this.#processes.finish(replaced, "drain", "replaced");
		}
		return null;
	}

	async #replaceAfter(gone: Promise<void>, model: InstalledModel, options: LoadOptions): Promise<AnswerError | null> {
		const load = this.#starting.begin(model.id, async (signal) => {
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
}

function loadedOf(resident: ResidentModel): Promise<AnswerError | null> {
	return resident.loaded.then((failure) => (failure === null ? null : unavailable(failure)));
}
