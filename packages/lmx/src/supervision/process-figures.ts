import type { EngineFacts, FromEngine } from "../engine/engine-messages.ts";
import type { SchedulerLoad } from "../engine/scheduler/scheduler-load.ts";
import { noSteps, type RunnerStatus } from "../serving/model-runner.ts";

const noLoad: SchedulerLoad = {
	active: 0,
	queued: 0,
	tokensPerSecond: null,
	promptTokensPerSecond: null,
	expectedWaitMs: null,
	steps: noSteps,
};

type Output = Extract<FromEngine, { type: "output" }>;

/** What the process of a model told of itself last. */
export class ProcessFigures {
	#facts: EngineFacts | null = null;
	#load = noLoad;
	#ramBytes: number | null = null;
	#threads: number | null = null;
	#restarts = 0;
	#loadedAt: Date | null = null;

	/** What the loaded model can do; null before the first load. */
	get facts(): EngineFacts | null {
		return this.#facts;
	}

	/** The model was loaded. */
	onReady(facts: EngineFacts): void {
		this.#facts = facts;
		this.#ramBytes = facts.ramBytes;
		this.#threads = facts.threads;
		this.#loadedAt = new Date();
	}

	/** True where it has computed something since it told the last time. */
	onOutput({ load, ramBytes, threads }: Output): boolean {
		const before = this.#load.steps;
		this.#load = load;
		this.#ramBytes = ramBytes;
		this.#threads = threads;
		return load.steps.answers !== before.answers || load.steps.promptTokens !== before.promptTokens;
	}

	/** Its process is gone. */
	onExit(): void {
		this.#load = noLoad;
		this.#ramBytes = null;
		this.#loadedAt = null;
	}

	/** It is started again. */
	onRestart(): void {
		this.#restarts++;
	}

	/** Where the process stands. */
	status(): RunnerStatus {
		return {
			contextTokens: this.#facts?.contextTokens ?? null,
			sequences: this.#facts?.sequences ?? null,
			threads: this.#threads,
			ramBytes: this.#ramBytes,
			modelBytes: this.#ramBytes === null || this.#facts === null ? null : Math.max(0, this.#ramBytes - this.#facts.emptyRamBytes),
			activeRequests: this.#load.active,
			queuedRequests: this.#load.queued,
			tokensPerSecond: this.#load.tokensPerSecond,
			promptTokensPerSecond: this.#load.promptTokensPerSecond,
			expectedWaitMs: this.#load.expectedWaitMs,
			steps: this.#load.steps,
			...(this.#facts?.preparedWeights === true ? { preparedWeights: true } : {}),
			restarts: this.#restarts,
			loadedAt: this.#loadedAt,
		};
	}
}
