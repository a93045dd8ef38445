const firstMs = 200;
const longestMs = 5000;

/** Wait before the next try in milliseconds: doubles from 0.2 s to 5 s, half of it by chance, so that clients do not come back all at once. */
export function reconnectDelayMs(failures: number, random: () => number = Math.random): number {
	const whole = Math.min(longestMs, firstMs * 2 ** Math.min(failures, 10));
	return whole / 2 + (whole / 2) * random();
}

/** Waits so long, or until the signal. */
export function waitUnlessAborted(ms: number, signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		if (signal.aborted) {
			resolve();
			return;
		}
		const end = (): void => {
			clearTimeout(timer);
			signal.removeEventListener("abort", end);
			resolve();
		};
		const timer = setTimeout(end, ms);
		signal.addEventListener("abort", end, { once: true });
	});
}
