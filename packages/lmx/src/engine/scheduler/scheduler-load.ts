import type { StepCounters } from "@opta/contracts/schema/lmx-status";

/** Load of the scheduler. */
export interface SchedulerLoad {
	readonly active: number;
	readonly queued: number;
	readonly tokensPerSecond: number | null;
	readonly promptTokensPerSecond: number | null;
	/** How long a request that comes now would wait for a place; null while nothing was measured. */
	readonly expectedWaitMs: number | null;
	readonly steps: StepCounters;
}

/** Where a waiting request stands. */
export interface QueuePlace {
	readonly id: string;
	/** Requests in front of it. */
	readonly before: number;
	/** Null while nothing was measured. */
	readonly expectedWaitMs: number | null;
}
