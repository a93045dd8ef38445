/** Weight of the newest measurement. */
const newest = 0.2;

/** Tells how long a place in the queue means to wait, from how long requests took lately. */
export class WaitEstimate {
	readonly #sequences: number;
	#requestMs: number | null = null;

	/** `sequences` requests are at work at the same time. */
	constructor(sequences: number) {
		this.#sequences = sequences;
	}

	/** Learns from a request that had a sequence for so long. */
	record(ms: number): void {
		this.#requestMs = this.#requestMs === null ? ms : this.#requestMs + newest * (ms - this.#requestMs);
	}

	/** Milliseconds for the request with `before` others in front of it, `free` places being free; null until one has ended. */
	expectedMs(before: number, free: number): number | null {
		if (before < free) {
			return 0;
		}
		return this.#requestMs === null ? null : ((before - free + 1) * this.#requestMs) / this.#sequences;
	}
}
