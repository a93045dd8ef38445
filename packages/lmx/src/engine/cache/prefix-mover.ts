import type { InferenceContext } from "../context/inference-context.ts";
import { blockKeys, blockTokens } from "./prefix-blocks.ts";
import type { KeptPrefix } from "./prefix-cache.ts";
import { PrefixRestore, type RestoredBlock } from "./prefix-restore.ts";
import type { SavedPrefixes } from "./saved-prefixes.ts";

/** Shorter beginnings are computed again sooner than they are found. */
const minTokens = 2 * blockTokens;
/** Moving state must be this much faster than computing it; reading from disk comes on top of what is measured. */
const minGain = 4;
/** State that waits for the disk is memory; more than this is not added to. */
const maxUnwrittenBytes = 64 * 1024 * 1024;
/** Weight of the newest measurement. */
const newest = 0.2;

/** A block was moved; or all that is worth it is saved already; or the disk is behind, and nothing is moved until it has written. */
export type SaveOutcome = "moved" | "saved" | "later";

/** Moves state between the sequences of a context and the saved blocks, one block at a time. */
export class PrefixMover {
	readonly #context: InferenceContext;
	readonly #store: SavedPrefixes;
	readonly #now: () => number;
	/** Time to compute a token of a prompt; null until it was measured. */
	readonly #msPerComputedToken: () => number | null;
	/** Which blocks of kept beginnings were looked at; each is saved once at most, whatever the disk makes of it. */
	readonly #progress = new WeakMap<Int32Array, { readonly keys: readonly string[]; next: number }>();
	#msPerMovedToken: number | null = null;

	constructor(context: InferenceContext, store: SavedPrefixes, now: () => number, msPerComputedToken: () => number | null) {
		this.#context = context;
		this.#store = store;
		this.#now = now;
		this.#msPerComputedToken = msPerComputedToken;
	}

	/** The sequence that belongs to nobody. */
	get #scratch(): number {
		return this.#context.cacheSequences - 1;
	}

	/** Saves the next block of a kept beginning. */
	saveNext({ sequence, tokens }: KeptPrefix): SaveOutcome {
		if (tokens.length < minTokens || !this.#isFasterThanComputing()) {
			return "saved";
		}
		let progress = this.#progress.get(tokens);
		if (progress === undefined) {
			progress = { keys: blockKeys(this.#store.namespace, tokens, tokens.length), next: 0 };
			this.#progress.set(tokens, progress);
		}
		while (this.#store.has(progress.keys[progress.next] ?? "")) {
			progress.next++;
		}
		const key = progress.keys[progress.next];
		if (key === undefined) {
			return "saved";
		}
		if (this.#store.bytesBeingWritten > maxUnwrittenBytes) {
			return "later";
		}
		const block = progress.next++;
		const startMs = this.#now();
		this.#context.share(sequence, this.#scratch, block * blockTokens, (block + 1) * blockTokens);
		const state = this.#context.saveState(this.#scratch);
		this.#context.trim(this.#scratch, 0);
		this.#learn(this.#now() - startMs);
		this.#store.write(key, state);
		return "moved";
	}

	/** Settles when the disk has caught up. */
	written(): Promise<void> {
		return this.#store.settled();
	}

	/** Begins to read what is saved of a prompt beyond its first `known` tokens; null when that gains nothing. */
	restore(tokens: Int32Array, length: number, known: number, onReady: () => void): PrefixRestore | null {
		if (!this.#isFasterThanComputing()) {
			return null;
		}
		const keys = blockKeys(this.#store.namespace, tokens, length - 1);
		const first = Math.floor(known / blockTokens);
		const missing = keys.findIndex((key, block) => block >= first && !this.#store.has(key));
		const end = missing === -1 ? keys.length : missing;
		if (end * blockTokens - known < minTokens) {
			return null;
		}
		return new PrefixRestore(this.#store, keys.slice(0, end), first, onReady);
	}

	/** Puts a block behind the `computed` tokens that a sequence holds; false when the cache does not take it. */
	place(block: RestoredBlock, sequence: number, computed: number): boolean {
		const startMs = this.#now();
		const isPlaced = this.#context.restoreState(this.#scratch, block.state);
		if (isPlaced) {
			this.#context.share(this.#scratch, sequence, computed, block.to);
			this.#learn(this.#now() - startMs);
		}
		this.#context.trim(this.#scratch, 0);
		return isPlaced;
	}

	#isFasterThanComputing(): boolean {
		const computedMs = this.#msPerComputedToken();
		return computedMs === null || this.#msPerMovedToken === null || this.#msPerMovedToken * minGain < computedMs;
	}

	#learn(ms: number): void {
		const own = ms / blockTokens;
		this.#msPerMovedToken = this.#msPerMovedToken === null ? own : this.#msPerMovedToken + newest * (own - this.#msPerMovedToken);
	}
}
