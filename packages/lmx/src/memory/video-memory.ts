import type { ProbeAnswer } from "../engine/probe-main.ts";

/** An answer is used for this long; every question starts a process. */
const freshMs = 5000;

/** What the graphics cards have, and what others than our models take of it. */
export interface VideoUse {
	readonly totalBytes: number;
	readonly availableBytes: number;
	readonly otherBytes: number;
}

/** The memory of the graphics cards as they told it last. */
export class VideoMemory {
	readonly #probe: () => Promise<ProbeAnswer>;
	readonly #now: () => number;
	readonly #onError: (error: unknown) => void;
	#use: VideoUse | null = null;
	#askedAtMs = Number.NEGATIVE_INFINITY;
	#asking: Promise<void> | null = null;

	constructor(probe: () => Promise<ProbeAnswer>, now: () => number, onError: (error: unknown) => void) {
		this.#probe = probe;
		this.#now = now;
		this.#onError = onError;
	}

	/** Null while it was not asked, or when no card has memory of its own. */
	get use(): VideoUse | null {
		return this.#use;
	}

	/** Asks again unless that was just done. `modelBytes`: what loaded models have of it now. */
	refresh(modelBytes: () => number): Promise<void> {
		if (this.#asking === null && this.#now() - this.#askedAtMs >= freshMs) {
			this.#askedAtMs = this.#now();
			this.#asking = this.#ask(modelBytes).finally(() => {
				this.#asking = null;
			});
		}
		return this.#asking ?? Promise.resolve();
	}

	async #ask(modelBytes: () => number): Promise<void> {
		try {
			const { totalBytes, freeBytes } = await this.#probe();
			const otherBytes = Math.max(0, totalBytes - freeBytes - modelBytes());
			this.#use = totalBytes === 0 ? null : { totalBytes, availableBytes: freeBytes, otherBytes };
		} catch (error) {
			this.#onError(error);
		}
	}
}
