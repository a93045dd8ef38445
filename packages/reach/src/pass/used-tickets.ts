/** No restart is faster, and what was made in the same second is not refused for what was rounded off. */
const restartSeconds = 1;

/** True for what was made before a memory of used ones began, in seconds since 1970: it may have been used already. */
export function isOlderThanMemory(madeAtSeconds: number, beganAtMs: number): boolean {
	return madeAtSeconds < Math.floor(beganAtMs / 1000) - restartSeconds;
}

/** The tickets that were used and are not over yet. */
export interface UsedTickets {
	/** Notes the use of a ticket until `expiresAtMs`. False when it was used before, or when no more can be remembered. */
	readonly take: (jti: string, expiresAtMs: number) => boolean;
}

/** More openings than any host has in half a minute; some megabytes at most. */
const defaultMostRemembered = 10_000;

/** Makes an empty memory. When it is full of tickets that are not over it refuses: to forget one would let it in twice. */
export function createUsedTickets(mostRemembered = defaultMostRemembered, now: () => number = Date.now): UsedTickets {
	const expiryByJti = new Map<string, number>();
	function forgetExpired(): void {
		const nowMs = now();
		for (const [jti, expiresAtMs] of expiryByJti) {
			if (expiresAtMs <= nowMs) {
				expiryByJti.delete(jti);
			}
		}
	}
	return {
		take(jti, expiresAtMs) {
			if (expiryByJti.size >= mostRemembered) {
				forgetExpired();
			}
			if (expiryByJti.has(jti) || expiryByJti.size >= mostRemembered) {
				return false;
			}
			expiryByJti.set(jti, expiresAtMs);
			return true;
		},
	};
}
