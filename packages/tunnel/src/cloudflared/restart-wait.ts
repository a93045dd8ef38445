/** How fast cloudflared is started again. It is never given up for good: a host without internet has it again some day. */
export interface RestartWaits {
	/** Longest wait before the first restart; it doubles with each further one. */
	readonly firstMs: number;
	readonly longestMs: number;
	/** A tunnel that was connected for longer begins anew at the first wait. Longer than it takes to see that the public name leads elsewhere. */
	readonly steadyMs: number;
}

/** The waits of a host that nobody configured otherwise. */
export const defaultRestartWaits: RestartWaits = { firstMs: 500, longestMs: 60_000, steadyMs: 300_000 };

/**
 * The wait before a restart; half of it is random, so that hosts that lost Cloudflare together do not return together.
 * @param failures lives that ended in a row without having been steady, this one included
 * @param random a number from 0 to 1
 */
export function restartWaitMs({ firstMs, longestMs }: RestartWaits, failures: number, random: number): number {
	const fullMs = Math.min(longestMs, firstMs * 2 ** Math.min(failures, 30));
	return Math.round(fullMs * (0.5 + random / 2));
}
