/** Longest time that one check may take. */
export const probeTimeoutMs = 3_000;

/**
 * Age from which the result of a check says nothing about now: two intervals, and never less than what one slow
 * check between two due ones takes.
 */
export function staleAfterMs(intervalMs: number): number {
	return Math.max(2 * intervalMs, intervalMs + 2 * probeTimeoutMs);
}
