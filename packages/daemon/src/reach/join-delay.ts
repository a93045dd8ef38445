const firstMs = 1000;
/** Longest wait between two tries to join the host. */
export const longestJoinDelayMs = 60_000;

/** Wait before the next try in milliseconds: doubles from 1 s to 60 s, the upper half of it by chance, so that devices do not come back all at once. */
export function joinDelayMs(failures: number, random: () => number = Math.random): number {
	const whole = Math.min(longestJoinDelayMs, firstMs * 2 ** Math.min(failures, 10));
	return Math.max(firstMs, whole / 2 + (whole / 2) * random());
}
