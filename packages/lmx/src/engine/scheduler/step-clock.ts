import type { StepCounters } from "@opta/contracts/schema/lmx-status";

/** What a step consisted of. */
export interface StepFacts {
	readonly answers: number;
	readonly promptTokens: number;
	readonly decodeMs: number;
}

/** Counts steps, and the time that is spent in them and beside them while there is work. */
export class StepClock {
	readonly #now: () => number;
	#counters: StepCounters = { generating: 0, answers: 0, promptTokens: 0, decodeMs: 0, workMs: 0 };
	#workingSinceMs: number | null = null;

	constructor(now: () => number) {
		this.#now = now;
	}

	/** There is work from now on. */
	begin(): void {
		this.#workingSinceMs ??= this.#now();
	}

	/** There is no work from now on. */
	end(): void {
		this.#counters = this.read();
		this.#workingSinceMs = null;
	}

	/** Adds a step. */
	record({ answers, promptTokens, decodeMs }: StepFacts): void {
		const counters = this.#counters;
		this.#counters = {
			...counters,
			generating: counters.generating + (answers > 0 ? 1 : 0),
			answers: counters.answers + answers,
			promptTokens: counters.promptTokens + promptTokens,
			decodeMs: counters.decodeMs + decodeMs,
		};
	}

	/** The counters at this moment. */
	read(): StepCounters {
		const sinceMs = this.#workingSinceMs;
		return { ...this.#counters, workMs: this.#counters.workMs + (sinceMs === null ? 0 : this.#now() - sinceMs) };
	}
}
