import { blockTokens } from "./prefix-blocks.ts";
import type { SavedPrefixes } from "./saved-prefixes.ts";

/** Blocks that are read before they are needed: enough to keep the disk busy, few enough to spare memory. */
const readAhead = 4;

/** State of the tokens from `from` to before `to`. */
export interface RestoredBlock {
	readonly from: number;
	readonly to: number;
	readonly state: Uint8Array;
}

/** Reads the saved blocks of one prompt in order, a few ahead of their use. */
export class PrefixRestore {
	readonly #store: SavedPrefixes;
	readonly #keys: readonly string[];
	readonly #onReady: () => void;
	/** By number of the block. */
	readonly #ready = new Map<number, Uint8Array | null>();
	#next: number;
	#requested: number;

	/** Reads from block number `first` on; `onReady` is called for every block that arrives. */
	constructor(store: SavedPrefixes, keys: readonly string[], first: number, onReady: () => void) {
		this.#store = store;
		this.#keys = keys;
		this.#onReady = onReady;
		this.#next = first;
		this.#requested = first;
		this.#request();
	}

	/** Tokens that the sequence will hold at the end. */
	get tokens(): number {
		return this.#keys.length * blockTokens;
	}

	/** The next block; `reading` while it is on its way; null when there is no further one or it cannot be used. */
	take(): RestoredBlock | "reading" | null {
		const block = this.#next;
		if (block >= this.#keys.length) {
			return null;
		}
		const state = this.#ready.get(block);
		if (state === undefined) {
			return "reading";
		}
		this.#ready.delete(block);
		this.#next++;
		this.#request();
		return state === null ? null : { from: block * blockTokens, to: (block + 1) * blockTokens, state };
	}

	#request(): void {
		for (; this.#requested < Math.min(this.#keys.length, this.#next + readAhead); this.#requested++) {
			const block = this.#requested;
			void this.#store.read(this.#keys[block] ?? "").then((state) => {
				this.#ready.set(block, state);
				this.#onReady();
			});
		}
	}
}
