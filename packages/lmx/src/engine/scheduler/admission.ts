import { PrefixCache } from "../cache/prefix-cache.ts";
import type { InferenceContext } from "../context/inference-context.ts";
import { DraftPace } from "../speculation/draft-pace.ts";
import type { Generation } from "./generation.ts";
import { RequestQueue } from "./request-queue.ts";
import type { Running } from "./running.ts";
import type { QueuePlace } from "./scheduler-load.ts";
import { WaitEstimate } from "./wait-estimate.ts";

/** A request is let in beside others where this part of the context, or so many tokens if that is less, stays free to grow in. */
const growthShare = 1 / 8;
const growthTokens = 256;

/** What requests are let in with. */
export interface AdmissionParts {
	readonly context: InferenceContext;
	/** Most requests that wait for a sequence. */
	readonly queueLimit: number;
	/** Milliseconds of a monotonic clock. */
	readonly now: () => number;
}

/**
 * Who has a sequence of the cache, and who waits for one in turn. Where the cache is full the newest gives its sequence
 * back and is computed again later; nothing that was taken is lost.
 */
export class Admission {
	readonly #parts: AdmissionParts;
	readonly #queue = new RequestQueue<Generation>();
	readonly #wait: WaitEstimate;
	#cache: PrefixCache;
	#running: readonly Running[] = [];
	/** There was no room for the next request; until another one ends, nobody is let in. */
	#isCrowded = false;

	constructor(parts: AdmissionParts) {
		this.#parts = parts;
		this.#wait = new WaitEstimate(parts.context.sequences);
		this.#cache = new PrefixCache(parts.context);
	}

	/** What the sequences hold. */
	get cache(): PrefixCache {
		return this.#cache;
	}

	/** Those that have a sequence, in order of admission. */
	get running(): readonly Running[] {
		return this.#running;
	}

	/** Requests that wait for a sequence. */
	get queued(): number {
		return this.#queue.size;
	}

	/** No more can wait. */
	get isFull(): boolean {
		return this.#queue.size >= this.#free + this.#parts.queueLimit;
	}

	/** How long a request that comes now would wait, in milliseconds; null while nothing was measured. */
	get expectedWaitMs(): number | null {
		return this.#wait.expectedMs(this.#queue.size, this.#free);
	}

	/** The waiting requests in the order in which they will be taken. */
	places(): QueuePlace[] {
		return this.#queue
			.inOrder()
			.map(({ request: { id } }, before) => ({ id, before, expectedWaitMs: this.#wait.expectedMs(before, this.#free) }));
	}

	/** Lets a request wait for its turn. */
	add(generation: Generation): void {
		this.#queue.push(generation);
	}

	/** Takes a request out, wherever it is. Unknown ids are ignored. */
	cancel(id: string): void {
		const running = this.#running.find(({ generation }) => generation.request.id === id);
		if (running === undefined) {
			this.#queue.remove(id);
		} else {
			this.release(running);
		}
	}

	/**
	 * Gives waiting requests a sequence, in turn, while the cache has room for them and some growth. `onAdmitted` hears of each,
	 * with those that came before it.
	 */
	admit(onAdmitted: (running: Running, earlier: readonly Running[]) => void): void {
		const { contextTokens } = this.#parts.context;
		const growth = Math.min(Math.floor(contextTokens * growthShare), growthTokens);
		for (let next = this.#queue.first; next !== undefined && !this.#isCrowded && this.#free > 0; next = this.#queue.first) {
			const opened = this.#cache.open(next.tokens, next.length);
			if (opened === null) {
				return;
			}
			const cells = this.#cache.workingCells + next.length - opened.computed;
			if (this.#running.length > 0 && cells + growth > contextTokens) {
				this.#cache.close(opened.sequence, next.tokens, opened.computed);
				this.#isCrowded = true;
				return;
			}
			this.#queue.shift();
			const startedAtMs = this.#parts.now();
			const running = { ...opened, generation: next, startedAtMs, leader: null, awaited: 0, restore: null, pace: new DraftPace() };
			onAdmitted(running, this.#running);
			this.#running = [...this.#running, running];
		}
	}

	/** Takes the sequence of a request that is over. What it holds stays for a later prompt that begins alike. */
	release(running: Running): void {
		const { generation, sequence, computed, startedAtMs } = running;
		this.#running = this.#running.filter((other) => other !== running);
		this.#cache.close(sequence, generation.tokens, computed);
		this.#wait.record(this.#parts.now() - startedAtMs);
		this.#isCrowded = false;
	}

	/** Frees cells: what is only kept goes first, then the newest request waits again. Throws where neither is there. */
	makeRoom(): void {
		if (this.#cache.dropOldest()) {
			return;
		}
		const newest = this.#running.at(-1);
		if (this.#running.length < 2 || newest === undefined) {
			throw new Error("The cache has no room for a single request.");
		}
		this.#running = this.#running.slice(0, -1);
		this.#cache.forget(newest.sequence);
		this.#queue.putBack(newest.generation);
		this.#isCrowded = true;
	}

	/** Takes the memory anew, without the request `victim`; the others wait in front and are computed again. */
	rebuildWithout(victim: Running): void {
		const others = this.#running.filter((running) => running !== victim);
		this.#running = [];
		for (const { generation } of others.toReversed()) {
			this.#queue.putBack(generation);
		}
		this.#isCrowded = false;
		this.#parts.context.rebuild();
		this.#cache = new PrefixCache(this.#parts.context);
	}

	get #free(): number {
		return this.#parts.context.sequences - this.#running.length;
	}
}
