/** Steps of a comparison: enough to meet the pauses that other programs cause. */
const probeSteps = 8;
/** Steps between two comparisons; doubled while the choice is confirmed. */
const firstPause = 64;
const longestPause = 512;
/** Another count must be this much faster: a change costs more than noise is worth. */
const worthwhile = 0.93;
/** Steps this much slower than before mean that the machine's load has changed. */
const loadChanged = 1.3;
/** Weight of the newest step in the running mean. */
const newest = 0.06;

/**
 * Keeps the thread count right while the machine's load changes: now and then a few steps run with one more
 * or one fewer, and the faster count stays. On an idle machine all cores win; beside a busy program every
 * thread that waits for its core holds up all others, and fewer win.
 */
export class ThreadTuner {
	readonly #candidates: readonly number[];
	#index: number;
	/** Of the candidate that is tried out; equals `#index` between comparisons. */
	#tried: number;
	#direction = -1;
	#meanMs = 0;
	#steps = 0;
	#pause = firstPause;
	#settledMs = 0;
	#triedMs = 0;
	#width = 0;

	constructor(candidates: readonly number[], start: number) {
		this.#candidates = candidates;
		this.#index = Math.max(0, candidates.indexOf(start));
		this.#tried = this.#index;
	}

	/** The count for the next step. */
	get threads(): number {
		return this.#candidates[this.#tried] ?? 1;
	}

	/** Learns from a step with `width` sequences; only steps of equal width are compared. */
	record(width: number, ms: number): void {
		if (width !== this.#width) {
			this.#width = width;
			this.#restart(this.#pause);
			return;
		}
		this.#steps++;
		if (this.#tried !== this.#index) {
			this.#triedMs += ms;
			if (this.#steps === probeSteps) {
				this.#judge(this.#triedMs / probeSteps);
			}
			return;
		}
		this.#meanMs = this.#steps === 1 ? ms : this.#meanMs + Math.max(newest, 1 / this.#steps) * (ms - this.#meanMs);
		const isSlower = this.#settledMs > 0 && this.#steps > firstPause && this.#meanMs > this.#settledMs * loadChanged;
		if (this.#steps >= this.#pause || isSlower) {
			this.#settledMs = this.#meanMs;
			this.#pause = isSlower ? firstPause : this.#pause;
			this.#try();
		}
	}

	#try(): void {
		const next = this.#index + this.#direction;
		this.#tried = this.#candidates[next] === undefined ? this.#index - this.#direction : next;
		this.#direction = -this.#direction;
		this.#steps = 0;
		this.#triedMs = 0;
		if (this.#candidates[this.#tried] === undefined) {
			this.#restart(longestPause);
		}
	}

	#judge(triedMs: number): void {
		if (triedMs < this.#meanMs * worthwhile) {
			this.#index = this.#tried;
			this.#restart(firstPause);
		} else {
			const settledMs = this.#meanMs;
			this.#restart(Math.min(longestPause, this.#pause * 2));
			this.#settledMs = settledMs;
		}
	}

	#restart(pause: number): void {
		this.#tried = this.#index;
		this.#steps = 0;
		this.#settledMs = 0;
		this.#pause = pause;
	}
}
