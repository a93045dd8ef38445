import type { PrefixCache } from "./prefix-cache.ts";
import type { PrefixMover, SaveOutcome } from "./prefix-mover.ts";

/** With saved state behind it, the cache keeps little: moving it back costs less than reading past it in every step. */
const keptTokens = 256;
/** Without, this share of the cache. */
const keptShare = 1 / 8;
/** Time for moving state between two steps. */
const movingMs = 2;

/**
 * Bounds what is only kept in the cache, which every step reads past: beyond the limit the longest unused goes
 * to disk and is dropped then. Without saving it is dropped at once, except the beginning that was used last.
 */
export class KeptLimit {
	readonly #mover: PrefixMover | null;
	readonly #limit: number;
	readonly #now: () => number;

	constructor(mover: PrefixMover | null, contextTokens: number, now: () => number) {
		this.#mover = mover;
		this.#limit = mover === null ? contextTokens * keptShare : keptTokens;
		this.#now = now;
	}

	/** Call while requests are at work; takes at most a few milliseconds. */
	whileWorking(cache: PrefixCache): void {
		const endMs = this.#now() + movingMs;
		for (let [oldest, next] = cache.kept; oldest !== undefined && cache.keptCells > this.#limit; [oldest, next] = cache.kept) {
			const fate = this.#mover === null ? (next === undefined ? "later" : "saved") : this.#mover.saveNext(oldest);
			if (fate === "saved") {
				cache.forget(oldest.sequence);
			}
			if (fate === "later" || this.#now() > endMs) {
				return;
			}
		}
	}

	/** Call while nothing is at work: saves a little, so that it survives this process. `saved` when there is nothing more to do. */
	whileIdle(cache: PrefixCache): SaveOutcome {
		for (const prefix of this.#mover === null ? [] : cache.kept.toReversed()) {
			const outcome = this.#mover?.saveNext(prefix) ?? "saved";
			if (outcome !== "saved") {
				return outcome;
			}
		}
		return "saved";
	}
}
