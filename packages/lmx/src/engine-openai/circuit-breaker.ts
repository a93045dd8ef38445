/** How a breaker opens and closes again. */
export interface BreakerLimits {
	/** Failures in a row after which nothing more is sent. */
	readonly failures: number;
	/** How long nothing is sent at first; doubled after every try that fails. */
	readonly openMs: number;
	readonly maxOpenMs: number;
}

/** Opens after three failures in a row, for one second and up to half a minute. */
export const defaultBreakerLimits: BreakerLimits = { failures: 3, openMs: 1000, maxOpenMs: 30_000 };

/** Leave to send one request. Exactly one of the three is told how it went; later ones do nothing. */
export interface Permit {
	succeed(): void;
	/** The server did not answer as a working server does. */
	fail(nowMs: number): void;
	/** Nobody waited for the answer: it says nothing about the server. */
	abandon(): void;
}

type State =
	| { readonly kind: "closed"; failures: number }
	| { readonly kind: "open"; readonly untilMs: number }
	| { readonly kind: "halfOpen" };

/**
 * Keeps requests from a server that does not answer: closed while it does, open after failures in a row, half open
 * when it is time to try: then one request goes through, and how that goes decides. Times are of a monotonic clock.
 */
export class CircuitBreaker {
	readonly #limits: BreakerLimits;
	#state: State = { kind: "closed", failures: 0 };
	#nextOpenMs: number;
	/** Permits of an earlier state say nothing about this one. */
	#epoch = 0;

	constructor(limits: BreakerLimits = defaultBreakerLimits) {
		this.#limits = limits;
		this.#nextOpenMs = limits.openMs;
	}

	/** Milliseconds until a request may be tried; 0 when one may now. */
	waitMs(nowMs: number): number {
		switch (this.#state.kind) {
			case "closed":
				return 0;
			case "open":
				return Math.max(0, this.#state.untilMs - nowMs);
			case "halfOpen":
				return this.#limits.openMs;
		}
	}

	/** Leave to send a request; null while the server is left alone, or while another request tries it. */
	enter(nowMs: number): Permit | null {
		if (this.waitMs(nowMs) > 0) {
			return null;
		}
		if (this.#state.kind === "open") {
			this.#change({ kind: "halfOpen" });
		}
		const epoch = this.#epoch;
		let isUsed = false;
		const once = (tell: () => void): void => {
			if (!isUsed && epoch === this.#epoch) {
				tell();
			}
			isUsed = true;
		};
		return {
			succeed: () => once(() => this.#succeed()),
			fail: (failedAtMs) => once(() => this.#fail(failedAtMs)),
			abandon: () => once(() => this.#abandon()),
		};
	}

	#succeed(): void {
		this.#nextOpenMs = this.#limits.openMs;
		if (this.#state.kind === "closed") {
			this.#state.failures = 0;
		} else {
			this.#change({ kind: "closed", failures: 0 });
		}
	}

	#fail(nowMs: number): void {
		if (this.#state.kind === "closed" && ++this.#state.failures < this.#limits.failures) {
			return;
		}
		this.#change({ kind: "open", untilMs: nowMs + this.#nextOpenMs });
		this.#nextOpenMs = Math.min(this.#nextOpenMs * 2, this.#limits.maxOpenMs);
	}

	/** The next request may try in its place. */
	#abandon(): void {
		if (this.#state.kind === "halfOpen") {
			this.#change({ kind: "open", untilMs: Number.NEGATIVE_INFINITY });
		}
	}

	#change(state: State): void {
		this.#state = state;
		this.#epoch++;
	}
}
