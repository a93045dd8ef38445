import { setTimeout as delay } from "node:timers/promises";
import { DownloadFailure, PassingTrouble } from "./download-failure.ts";

/** How often a passing trouble is met again before it counts as lasting. */
const attempts = 6;
const longestPauseMs = 30_000;

/** What changes between attempts. */
export interface TryAgain {
	readonly signal: AbortSignal;
	/** Pause after the first trouble; it doubles each time. */
	readonly pauseMs: number;
	/** A number that grows while something is achieved: trouble after progress counts as the first. */
	readonly progress: () => number;
	/** Hears of each pause. */
	readonly onPause?: (reason: string, pauseMs: number) => void;
}

/** Does something again while it meets passing trouble, with longer and longer pauses, or as long as the server asked for. */
export async function tryAgain<T>({ signal, pauseMs, progress, onPause }: TryAgain, action: () => Promise<T>): Promise<T> {
	let failures = 0;
	let before = progress();
	for (;;) {
		try {
			return await action();
		} catch (error) {
			signal.throwIfAborted();
			if (!(error instanceof PassingTrouble)) {
				throw error;
			}
			const now = progress();
			failures = now > before ? 1 : failures + 1;
			before = now;
			if (failures >= attempts) {
				throw new DownloadFailure(
					"host_unreachable",
					`The download does not get on: ${error.message}. It can be resumed where it stopped.`,
				);
			}
			const wait = error.waitMs ?? Math.min(longestPauseMs, pauseMs * 2 ** (failures - 1));
			onPause?.(error.message, wait);
			await delay(wait, undefined, { signal });
		}
	}
}
