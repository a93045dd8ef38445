const windowMs = 5000;

/** Speed of a transfer over the last seconds. */
export class TransferSpeed {
	readonly #samples: { atMs: number; bytes: number }[] = [];

	/** Notes how many bytes are there, at a time of a monotonic clock. */
	record(atMs: number, bytes: number): void {
		this.#samples.push({ atMs, bytes });
		while (this.#samples.length > 2 && (this.#samples[1]?.atMs ?? atMs) < atMs - windowMs) {
			this.#samples.shift();
		}
	}

	/** Null until something can be said. */
	bytesPerSecond(): number | null {
		const first = this.#samples[0];
		const last = this.#samples.at(-1);
		if (first === undefined || last === undefined || last.atMs - first.atMs < 200) {
			return null;
		}
		return Math.max(0, ((last.bytes - first.bytes) * 1000) / (last.atMs - first.atMs));
	}

	/** Time until `totalBytes` are there; null while that cannot be said. */
	etaMs(totalBytes: number | null): number | null {
		const speed = this.bytesPerSecond();
		const last = this.#samples.at(-1);
		if (speed === null || speed === 0 || last === undefined || totalBytes === null) {
			return null;
		}
		return Math.round((Math.max(0, totalBytes - last.bytes) * 1000) / speed);
	}
}
