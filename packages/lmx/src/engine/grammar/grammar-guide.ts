import { afterByte, afterBytes, between, type Cursor, canGoOn, startCursor } from "./grammar-cursor.ts";
import type { GrammarMachine, GrammarState } from "./grammar-machine.ts";
import type { TokenTrie } from "./token-trie.ts";

/** Holds an answer to a grammar, token by token. */
export interface GrammarGuide {
	/** True when this token may follow. */
	allows(token: number): boolean;
	/** Copies the scores of tokens that may follow into `allowed`; those of all others become -Infinity. */
	allow(scores: Float32Array, allowed: Float32Array): void;
	/** Takes the token that was drawn; it must be one that may follow. */
	accept(token: number): void;
	/** Nothing may follow any more. */
	readonly isComplete: boolean;
}

/** Enforces a grammar from the first token on. */
export class StrictGuide implements GrammarGuide {
	readonly #machine: GrammarMachine;
	readonly #trie: TokenTrie;
	#cursor: Cursor;

	constructor(machine: GrammarMachine, trie: TokenTrie, cursor = startCursor(machine)) {
		this.#machine = machine;
		this.#trie = trie;
		this.#cursor = cursor;
	}

	get isComplete(): boolean {
		return this.#cursor.state.isComplete;
	}

	allows(token: number): boolean {
		return this.#trie.ends.includes(token) ? this.#canEnd() : this.#after(token) !== null;
	}

	allow(scores: Float32Array, allowed: Float32Array): void {
		allowed.fill(Number.NEGATIVE_INFINITY);
		if (this.#canEnd()) {
			for (const token of this.#trie.ends) {
				allowed[token] = scores[token] as number;
			}
		}
		if (this.#machine.wantsToken(this.#cursor.state)) {
			for (let token = 0; token < scores.length; token++) {
				if (!this.#trie.ends.includes(token) && this.#machine.afterToken(this.#cursor.state, token) !== null) {
					allowed[token] = scores[token] as number;
				}
			}
		}
		this.#allowBelow(0, this.#cursor.state, this.#cursor.missing === 0 ? null : this.#cursor, scores, allowed);
	}

	accept(token: number): void {
		if (this.#trie.ends.includes(token)) {
			return;
		}
		const next = this.#after(token);
		if (next === null) {
			throw new Error(`The token ${token} does not follow the grammar.`);
		}
		this.#cursor = next;
	}

	#canEnd(): boolean {
		return this.#cursor.missing === 0 && this.#cursor.state.canEnd;
	}

	#after(token: number): Cursor | null {
		if (this.#machine.wantsToken(this.#cursor.state)) {
			const state = this.#machine.afterToken(this.#cursor.state, token);
			if (state !== null) {
				return between(state);
			}
		}
		const bytes = this.#trie.bytes(token);
		return bytes.length === 0 ? null : afterBytes(this.#machine, this.#cursor, bytes);
	}

	/** `part`: the bytes of a character that is not complete; null between two characters, where nearly all of the work is. */
	#allowBelow(parent: number, state: GrammarState, part: Cursor | null, scores: Float32Array, allowed: Float32Array): void {
		const { firstChild, nextSibling, byte, tokenAt, nextToken } = this.#trie;
		for (let node = firstChild[parent] as number; node !== 0; node = nextSibling[node] as number) {
			const value = byte[node] as number;
			let next: GrammarState | null;
			let open: Cursor | null = null;
			if (part === null && value < 0x80) {
				next = this.#machine.after(state, value);
			} else {
				open = afterByte(this.#machine, part ?? between(state), value);
				next = open?.state ?? null;
				open = open?.missing === 0 ? null : open;
			}
			if (next === null) {
				continue;
			}
			if (tokenAt[node] !== 0 && (open === null || canGoOn(this.#machine, open))) {
				for (let token = tokenAt[node] as number; token !== 0; token = nextToken[token - 1] as number) {
					allowed[token - 1] = scores[token - 1] as number;
				}
			}
			this.#allowBelow(node, next, open, scores, allowed);
		}
	}
}

/** Lets everything pass until one of the triggers appears; the grammar holds from the trigger's first letter on. */
export class LazyGuide implements GrammarGuide {
	readonly #machine: GrammarMachine;
	readonly #trie: TokenTrie;
	/** Bytes of the triggers, one character per byte. */
	readonly #triggers: readonly string[];
	#tail = "";
	#strict: StrictGuide | null = null;

	constructor(machine: GrammarMachine, trie: TokenTrie, triggers: readonly string[]) {
		this.#machine = machine;
		this.#trie = trie;
		this.#triggers = triggers.map((trigger) => Buffer.from(trigger).toString("latin1"));
	}

	get isComplete(): boolean {
		return this.#strict?.isComplete ?? false;
	}

	allows(token: number): boolean {
		if (this.#strict !== null) {
			return this.#strict.allows(token);
		}
		const triggered = this.#triggered(token);
		return triggered === null || afterBytes(this.#machine, startCursor(this.#machine), triggered) !== null;
	}

	allow(scores: Float32Array, allowed: Float32Array): void {
		if (this.#strict !== null) {
			this.#strict.allow(scores, allowed);
			return;
		}
		for (let token = 0; token < scores.length; token++) {
			allowed[token] = this.allows(token) ? (scores[token] as number) : Number.NEGATIVE_INFINITY;
		}
	}

	accept(token: number): void {
		if (this.#strict !== null) {
			this.#strict.accept(token);
			return;
		}
		const triggered = this.#triggered(token);
		if (triggered === null) {
			const longest = Math.max(...this.#triggers.map((trigger) => trigger.length)) - 1;
			const text = this.#textWith(token);
			this.#tail = text.slice(Math.max(0, text.length - longest));
			return;
		}
		const cursor = afterBytes(this.#machine, startCursor(this.#machine), triggered);
		if (cursor === null) {
			throw new Error(`The token ${token} does not follow the grammar.`);
		}
		this.#strict = new StrictGuide(this.#machine, this.#trie, cursor);
	}

	#textWith(token: number): string {
		return this.#tail + Buffer.from(this.#trie.bytes(token)).toString("latin1");
	}

	/** The bytes from a trigger on that this token completes; null when it completes none. */
	#triggered(token: number): Uint8Array | null {
		const text = this.#textWith(token);
		const places = this.#triggers.map((trigger) => text.indexOf(trigger)).filter((place) => place !== -1);
		return places.length === 0 ? null : Buffer.from(text.slice(Math.min(...places)), "latin1");
	}
}
