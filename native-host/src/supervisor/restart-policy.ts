/** How often and how fast a process is started again. */
export interface RestartPolicy {
	/** Restarts allowed within `windowMs`; the next exit is final. */
	readonly maxRestarts: number;
	readonly windowMs: number;
	/** Longest wait before the first restart; it doubles with each further one. */
	readonly firstDelayMs: number;
	readonly maxDelayMs: number;
}

/** Five tries a minute: a crash is gone in a moment, a crash loop is given up in seconds. */
export const defaultRestartPolicy: RestartPolicy = { maxRestarts: 5, windowMs: 60_000, firstDelayMs: 250, maxDelayMs: 10_000 };

/** What to do after an exit; `restartTimesMs` is the memory for the next decision. */
export type RestartDecision =
	| { readonly restart: true; readonly delayMs: number; readonly restartTimesMs: readonly number[] }
	| { readonly restart: false };

/**
 * Decides after an exit: exponential back-off with jitter (half of the delay is random, so that processes
 * that fell together do not return together), bounded by the number of restarts in a sliding window.
 * @param restartTimesMs times of earlier restarts, oldest first
 * @param random a number from 0 to 1
 */
export function decideRestart(policy: RestartPolicy, restartTimesMs: readonly number[], nowMs: number, random: number): RestartDecision {
	const recent = restartTimesMs.filter((timeMs) => nowMs - timeMs < policy.windowMs);
	if (recent.length >= policy.maxRestarts) {
		return { restart: false };
	}
	const fullDelayMs = Math.min(policy.maxDelayMs, policy.firstDelayMs * 2 ** recent.length);
	const delayMs = Math.round(fullDelayMs * (0.5 + random / 2));
	return { restart: true, delayMs, restartTimesMs: [...recent, nowMs] };
}
