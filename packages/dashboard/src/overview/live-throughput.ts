import type { LmxStatus } from "@opta/contracts/schema/lmx-status";

/** How many samples the history holds: two minutes at one every 2 s. */
export const historySlots = 60;

/** Tokens that the host generates per second now: the models at work, each with its own latest rate. */
export function liveTokensPerSecond(status: LmxStatus): number {
	return status.models.reduce((sum, model) => sum + (model.activeRequests > 0 ? (model.tokensPerSecond ?? 0) : 0), 0);
}

/** The history with a sample added, the oldest dropped when it is full. */
export function appendSample(history: readonly number[], sample: number): readonly number[] {
	return [...history, sample].slice(-historySlots);
}
