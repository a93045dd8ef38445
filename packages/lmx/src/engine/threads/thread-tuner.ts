/** How often counts are compared. */
export interface TuningPace {
	/** Steps of a comparison: enough to meet the pauses that other programs cause. */
	readonly probeSteps: number;
	/** Steps between two comparisons; doubled while the choice is confirmed, up to the longest. */
	readonly firstPause: number;
	readonly longestPause: number;
}

/** For steps of a few milliseconds that generate. */
export const generatingPace: TuningPace = { probeSteps: 8, firstPause: 64, longestPause: 512 };
/** For the few long steps that read prompts. */
export const readingPace: TuningPace = { probeSteps: 1, firstPause: 4, longestPause: 128 };

/** What a tuner starts from. */
export interface TunerStart {
	readonly threads: number;
	/** What a step took when the count was chosen; null when that is not known. */
	readonly expectedMs: number | null;
}

/** Another count must be this much faster: a change costs more than noise is worth. */
const worthwhile = 0.93;
/** Steps this much slower than usual, twice in a row or once by a lot, mean that a core was taken. */
const slow = 4;
const verySlow = 12;
/** More threads are tried only while this much of the machine is idle, in cores. */
const idleCoresForOneMore = 0.4;
/** Weight of the newest step in the running mean. */
const newest = 0.06;

/**
 * Keeps the thread count right while the machine's load changes: now and then a few steps run with one more
 * or one fewer, and the faster count stays. On an idle machine all cores win. Beside busy programs the threads
 * of one step wait for each other at hundreds of places, each time until the scheduler runs the one that was
 * set aside: a step then takes not twice but a hundred times as long, so that fewer are tried at once.
 */
export class ThreadTuner {
	readonly #candidates: readonly number[];
	readonly #pace: TuningPace;
	readonly #idleCores: () => number;
	#index: number;
	/** Of the candidate that is tried; equals `#index` between comparisons. */
	#tried: number;
	#direction = -1;
	#kind = 0;
	/** Usual time of a step; 0 until it is known. */
	#usualMs: number;
	/** The same for kinds of steps that come and go. */
	readonly #usualOfOthers = new Map<number, number>();
	#slowSteps = 0;
	/** Steps since the last comparison, or in the one that runs. */
	#steps = 0;
	#pause: number;
	#probeSteps = 0;
	#triedMs = 0;

	/** `idleCores` tells how much of the machine was idle lately. */
	constructor(candidates: readonly number[], start: TunerStart, pace: TuningPace, idleCores: () => number) {
		this.#candidates = candidates;
		this.#pace = pace;
		this.#pause = pace.firstPause;
		this.#idleCores = idleCores;
		this.#usualMs = start.expectedMs ?? 0;
		this.#index = Math.max(0, candidates.indexOf(start.threads));
		this.#tried = this.#index;
	}

	/** The count for the next step. */
	get threads(): number {
		return this.#candidates[this.#tried] ?? 1;
	}

	/** Learns from a step of a kind, such as the number of sequences; only steps of one kind are compared. */
	record(kind: number, ms: number): void {
		if (kind !== this.#kind) {
			this.#usualOfOthers.set(this.#kind, this.#usualMs);
			this.#usualMs = this.#usualOfOthers.get(kind) ?? (this.#kind === 0 ? this.#usualMs : 0);
			this.#kind = kind;
			this.#settle(this.#index);
		}
		this.#steps++;
		if (this.#tried !== this.#index) {
			this.#recordTry(ms);
		} else {
			this.#recordUsual(ms);
		}
	}

	#recordUsual(ms: number): void {
		const usualMs = this.#usualMs;
		this.#slowSteps = usualMs > 0 && ms > usualMs * slow ? this.#slowSteps + 1 : 0;
		if (this.#index > 0 && (this.#slowSteps >= 2 || (usualMs > 0 && ms > usualMs * verySlow))) {
			this.#usualMs = ms;
			this.#direction = 1;
			this.#try(-1, 1);
			return;
		}
		this.#usualMs = usualMs === 0 ? ms : usualMs + newest * (Math.min(ms, usualMs * slow) - usualMs);
		if (this.#steps >= this.#pause) {
			this.#compare();
		}
	}

	/** Looks in both directions by turns, upwards only where a core is free. */
	#compare(): void {
		const direction = this.#candidates[this.#index + this.#direction] === undefined ? -this.#direction : this.#direction;
		this.#direction = -direction;
		if (this.#candidates[this.#index + direction] === undefined || (direction > 0 && this.#idleCores() < idleCoresForOneMore)) {
			this.#steps = 0;
			return;
		}
		this.#try(direction, this.#pace.probeSteps);
	}

	#try(direction: number, steps: number): void {
		this.#tried = this.#index + direction;
		this.#probeSteps = steps;
		this.#steps = 0;
		this.#slowSteps = 0;
		this.#triedMs = 0;
	}

	#recordTry(ms: number): void {
		this.#triedMs += ms;
		const isHopeless = ms > this.#usualMs * slow;
		if (this.#steps < this.#probeSteps && !isHopeless) {
			return;
		}
		const meanMs = this.#triedMs / this.#steps;
		if (meanMs < this.#usualMs * worthwhile) {
			this.#usualMs = meanMs;
			this.#pause = this.#pace.firstPause;
			this.#settle(this.#tried);
		} else {
			this.#pause = Math.min(this.#pace.longestPause, this.#pause * 2);
			this.#settle(this.#index);
		}
	}

	#settle(index: number): void {
		this.#index = index;
		this.#tried = index;
		this.#steps = 0;
		this.#slowSteps = 0;
	}
}
