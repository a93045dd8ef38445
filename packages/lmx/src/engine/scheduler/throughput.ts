/** Work older than this much working time is forgotten. */
const windowMs = 5000;

/** Tokens per second of the last seconds with work; idle time does not count. */
export class Throughput {
	#tokens = 0;
	#ms = 0;

	/** Adds a step's tokens and its length. */
	record(tokens: number, ms: number): void {
		const kept = Math.max(0, 1 - ms / windowMs);
		this.#tokens = this.#tokens * kept + tokens;
		this.#ms = this.#ms * kept + ms;
	}

	/** Null until something was measured. */
	get perSecond(): number | null {
		return this.#ms === 0 ? null : (this.#tokens * 1000) / this.#ms;
	}
}
