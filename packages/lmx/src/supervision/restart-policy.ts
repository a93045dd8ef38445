/** A crash this long after the last good start begins a new count. */
const stableMs = 60_000;

const delaysMs = [250, 1000] as const;

/** Decides whether a crashed model is started again, and when. */
export class RestartPolicy {
	#crashes = 0;
	#readyAtMs = 0;

	/** Call when the model answers. */
	onReady(nowMs: number): void {
		this.#readyAtMs = nowMs;
	}

	/** Milliseconds until the next try; null to give up. */
	onCrash(nowMs: number): number | null {
		if (this.#readyAtMs > 0 && nowMs - this.#readyAtMs >= stableMs) {
			this.#crashes = 0;
		}
		return delaysMs[this.#crashes++] ?? null;
	}
}
