import type { ModelState } from "@opta/contracts/schema/lmx-models";
import type { InstalledModel } from "../library/installed-model.ts";
import type { MemoryPrediction } from "../memory/predict-memory.ts";
import type { AnswerError } from "./backend.ts";
import { leftWhileLoading, unavailable } from "./load-errors.ts";
import type { LoadOptions } from "./load-options.ts";
import type { ModelRunner, RunnerFactory } from "./model-runner.ts";

/** What the owner of a resident model hears. */
export interface ResidentListener {
	onState(state: ModelState, reason: string | null): void;
	/** The last answer has ended. */
	onIdle(): void;
	/** It was idle for as long as it was to be kept. */
	onExpired(): void;
}

/** A model that has, or is getting, memory: who uses it, how long it stays, and what runs it. */
export class ResidentModel {
	readonly model: InstalledModel;
	readonly prediction: MemoryPrediction;
	readonly runner: ModelRunner;
	/** Settles when the first load has ended: null, or why it failed. */
	readonly loaded: Promise<string | null>;
	#options: LoadOptions;
	#keepAliveMs: number | null;
	#leases = 0;
	#lastUsedAtMs = Date.now();
	#expiry: NodeJS.Timeout | undefined;
	#state: ModelState = "loading";
	#isLeaving = false;
	#hasAnswered = false;
	readonly #stateWaiters = new Set<() => void>();
	readonly #idleWaiters = new Set<() => void>();
	readonly #listener: ResidentListener;

	constructor(
		model: InstalledModel,
		options: LoadOptions,
		prediction: MemoryPrediction,
		createRunner: RunnerFactory,
		listener: ResidentListener,
	) {
		this.model = model;
		this.prediction = prediction;
		this.#options = options;
		this.#keepAliveMs = options.keepAliveMs;
		this.#listener = listener;
		this.runner = createRunner(model, options, { onState: (state, reason) => this.#onState(state, reason) });
		this.loaded = this.runner.start().then((failure) => {
			this.#touch();
			return failure;
		});
	}

	get options(): LoadOptions {
		return this.#options;
	}

	get state(): ModelState {
		return this.#state;
	}

	/** Loads, restarts, leaves, or answers somebody. */
	get isBusy(): boolean {
		return this.#leases > 0 || this.#isLeaving || this.#state !== "ready";
	}

	/** It was ready at least once. */
	get hasAnswered(): boolean {
		return this.#hasAnswered;
	}

	/** Takes no new requests: it is being unloaded. */
	get isLeaving(): boolean {
		return this.#isLeaving;
	}

	get leases(): number {
		return this.#leases;
	}

	get lastUsedAtMs(): number {
		return this.#lastUsedAtMs;
	}

	/** What it takes: the prediction, or what was measured where that is more. */
	get bytes(): number {
		const { countedBytes, vramBytes } = this.prediction;
		return vramBytes > 0 ? countedBytes : Math.max(countedBytes, this.runner.status().modelBytes ?? 0);
	}

	/** When it will be unloaded if nobody asks; null while it is busy or when it stays. */
	get expiresAtMs(): number | null {
		const stays = this.#options.isPinned || this.#keepAliveMs === null || this.isBusy;
		return stays ? null : this.#lastUsedAtMs + (this.#keepAliveMs ?? 0);
	}

	/** Changes how long it stays, without touching its process. */
	keep(options: Pick<LoadOptions, "keepAliveMs" | "isPinned">): void {
		this.#options = { ...this.#options, ...options };
		this.#keepAliveMs = options.keepAliveMs;
		this.#touch();
	}

	/** Holds the model until the result is called. `keepAliveMs` counts from then on, until another request says otherwise. */
	hold(keepAliveMs: number | null | undefined): () => void {
		this.#leases++;
		clearTimeout(this.#expiry);
		let isHeld = true;
		return () => {
			if (!isHeld) {
				return;
			}
			isHeld = false;
			this.#leases--;
			if (keepAliveMs !== undefined) {
				this.#keepAliveMs = keepAliveMs;
			}
			this.#touch();
			if (this.#leases === 0) {
				for (const tell of this.#idleWaiters) {
					tell();
				}
				this.#idleWaiters.clear();
				this.#listener.onIdle();
			}
		};
	}

	/** Waits through a load or a restart until the model answers; null then, else why it does not. */
	async whenAnswering(signal: AbortSignal): Promise<AnswerError | null> {
		while (!signal.aborted && !this.#isLeaving && (this.#state === "loading" || this.#state === "restarting")) {
			await new Promise<void>((resolve) => {
				const done = (): void => {
					signal.removeEventListener("abort", done);
					this.#stateWaiters.delete(done);
					resolve();
				};
				signal.addEventListener("abort", done, { once: true });
				this.#stateWaiters.add(done);
			});
		}
		if (signal.aborted) {
			return leftWhileLoading;
		}
		if (this.#state === "ready") {
			return null;
		}
		return unavailable(this.runner.unhealthyReason() ?? `The model ${this.model.id} is being unloaded.`);
	}

	/** Takes no new requests; `drain` waits for the open ones, `now` ends them with an error. Settles when the memory is free. */
	async leave(mode: "drain" | "now"): Promise<void> {
		this.#isLeaving = true;
		clearTimeout(this.#expiry);
		this.#tellStateWaiters();
		if (mode === "drain" && this.#leases > 0) {
			await new Promise<void>((resolve) => this.#idleWaiters.add(resolve));
		}
		await this.runner.stop();
	}

	#touch(): void {
		this.#lastUsedAtMs = Date.now();
		clearTimeout(this.#expiry);
		if (this.#leases === 0 && !this.#isLeaving && !this.#options.isPinned && this.#keepAliveMs !== null) {
			this.#expiry = setTimeout(() => this.#listener.onExpired(), this.#keepAliveMs);
			this.#expiry.unref();
		}
	}

	#onState(state: ModelState, reason: string | null): void {
		this.#state = state;
		this.#hasAnswered ||= state === "ready";
		this.#tellStateWaiters();
		this.#listener.onState(state, reason);
	}

	#tellStateWaiters(): void {
		for (const tell of [...this.#stateWaiters]) {
			tell();
		}
	}
}
