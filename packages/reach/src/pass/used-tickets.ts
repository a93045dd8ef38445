/** No restart is faster, and what was made in the same second is not refused for what was rounded off. */
const restartSeconds = 1;
/** More openings than any host has in half a minute; some megabytes at most. */
const defaultMostRemembered = 10_000;

/** A ticket or a proof that is good for one use. */
export interface SingleUse {
	readonly jti: string;
	/** When it was made, in seconds since 1970. */
	readonly madeAtSeconds: number;
	/** From then on it is refused for its age, and need not be remembered. */
	readonly expiresAtMs: number;
}

/** The tickets that were used and are not over yet. */
export interface UsedTickets {
	/** Notes the use of a ticket; null, or in words for a log why it must not be used. */
	readonly take: (ticket: SingleUse) => string | null;
}

/** Bounds and clock of a memory. */
export interface UsedTicketsOptions {
	readonly mostRemembered?: number;
	readonly now?: () => number;
	/** Now, unless a test says otherwise. */
	readonly beganAtMs?: number;
}

/**
 * Makes an empty memory. When it is full of tickets that are not over it refuses: to forget one would let it in twice. What was
 * made before it began may have been used already, before a restart, and is refused as well.
 */
export function createUsedTickets(options: UsedTicketsOptions = {}): UsedTickets {
	const { mostRemembered = defaultMostRemembered, now = Date.now } = options;
	const { beganAtMs = now() } = options;
	const oldestSeconds = Math.floor(beganAtMs / 1000) - restartSeconds;
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
		take({ jti, madeAtSeconds, expiresAtMs }) {
			if (madeAtSeconds < oldestSeconds) {
				return "older than the memory of used ones";
			}
			if (expiryByJti.size >= mostRemembered) {
				forgetExpired();
			}
			if (expiryByJti.has(jti)) {
				return "used before";
			}
			if (expiryByJti.size >= mostRemembered) {
				return "too many at once";
			}
			expiryByJti.set(jti, expiresAtMs);
			return null;
		},
	};
}
