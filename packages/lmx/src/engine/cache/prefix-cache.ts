import type { InferenceContext } from "../context/inference-context.ts";
import { PrefixTree } from "./prefix-tree.ts";

/** Shorter beginnings are not worth a copy. */
const minSharedTokens = 8;

/** A sequence for a request, and how much of its prompt needs no computing. */
export interface OpenedSequence {
	readonly sequence: number;
	readonly computed: number;
}

/** A beginning that is kept for later prompts. */
export interface KeptPrefix {
	readonly sequence: number;
	readonly tokens: Int32Array;
}

function startsWith(tokens: Int32Array, beginning: Int32Array): boolean {
	return beginning.length <= tokens.length && beginning.every((token, index) => tokens[index] === token);
}

/**
 * What the sequences of the context hold. Every prompt takes over the longest beginning that any sequence
 * holds, at work or not, by reference: common cells are in the cache once. What a finished request leaves is
 * kept until room or speed asks for it, the longest unused first. Models that keep no prefixes only go on with
 * a whole sequence.
 */
export class PrefixCache {
	readonly #context: InferenceContext;
	readonly #tree = new PrefixTree();
	readonly #free: number[];
	/** Tokens that the sequences at work hold. */
	readonly #working = new Map<number, number>();
	/** In order of last use. */
	readonly #kept = new Map<number, KeptPrefix>();

	constructor(context: InferenceContext) {
		this.#context = context;
		const usable = context.keepsPrefixes ? context.cacheSequences - 1 : context.cacheSequences;
		this.#free = Array.from({ length: usable }, (_, index) => usable - 1 - index);
	}

	/** Kept beginnings, the longest unused first. */
	get kept(): readonly KeptPrefix[] {
		return [...this.#kept.values()];
	}

	/** Cells that sequences at work hold; the others can be had at any time. */
	get workingCells(): number {
		const unpublished = [...this.#working].reduce((sum, [sequence, tokens]) => sum + tokens - this.#tree.lengthOf(sequence), 0);
		return unpublished + this.#tree.tokensHeldBy((owner) => this.#working.has(owner));
	}

	/** Cells that are only kept. Every step reads past them, so that they cost speed. */
	get keptCells(): number {
		if (!this.#context.keepsPrefixes) {
			return this.kept.reduce((sum, { tokens }) => sum + tokens.length, 0);
		}
		return this.#tree.tokensHeldBy(() => true) - this.#tree.tokensHeldBy((owner) => this.#working.has(owner));
	}

	/** Gives a sequence for the first `length` tokens, with the longest known beginning; null when all are at work. One token at least is left to compute, for its scores. */
	open(tokens: Int32Array, length: number): OpenedSequence | null {
		if (!this.#context.keepsPrefixes) {
			return this.#openWhole(tokens, length);
		}
		const { owner } = this.#tree.match(tokens, length - 1);
		this.#touch(owner);
		if (this.#free.length === 0) {
			this.dropOldest();
		}
		const sequence = this.#free.pop();
		if (sequence === undefined) {
			return null;
		}
		this.#working.set(sequence, 0);
		return { sequence, computed: this.catchUp(sequence, tokens, 0, length - 1) };
	}

	#openWhole(tokens: Int32Array, length: number): OpenedSequence | null {
		const prompt = tokens.subarray(0, length - 1);
		const continued = this.kept.findLast((kept) => startsWith(prompt, kept.tokens));
		if (continued !== undefined) {
			this.#kept.delete(continued.sequence);
			this.#working.set(continued.sequence, continued.tokens.length);
			return { sequence: continued.sequence, computed: continued.tokens.length };
		}
		if (this.#free.length === 0) {
			this.dropOldest();
		}
		const sequence = this.#free.pop();
		if (sequence === undefined) {
			return null;
		}
		this.#working.set(sequence, 0);
		return { sequence, computed: 0 };
	}

	/** Takes over what others have computed meanwhile of the first `limit` tokens; gives what the sequence holds then. */
	catchUp(sequence: number, tokens: Int32Array, computed: number, limit: number): number {
		if (!this.#context.keepsPrefixes) {
			return computed;
		}
		const { length, owner } = this.#tree.match(tokens, limit);
		const isWorthIt = length - computed >= minSharedTokens || (computed > 0 && length > computed);
		if (owner === null || !isWorthIt || !this.#context.canContinue(owner, length)) {
			return computed;
		}
		this.#context.share(owner, sequence, computed, length);
		this.#tree.insert(sequence, tokens, length);
		this.#working.set(sequence, length);
		return length;
	}

	/** Notes that a sequence at work holds so many tokens now. */
	advance(sequence: number, computed: number): void {
		this.#working.set(sequence, computed);
	}

	/** Lets later prompts share the first `computed` tokens of a sequence at work; its copies of known cells are given up. */
	publish(sequence: number, tokens: Int32Array, computed: number): void {
		this.#working.set(sequence, computed);
		if (!this.#context.keepsPrefixes) {
			return;
		}
		const from = this.#tree.lengthOf(sequence);
		const { length, owner } = this.#tree.match(tokens, computed);
		if (owner !== null && owner !== sequence && length > from && this.#context.canContinue(owner, length)) {
			this.#context.drop(sequence, from, length);
			this.#context.share(owner, sequence, from, length);
		}
		this.#tree.insert(sequence, tokens, computed);
	}

	/** Ends the work of a sequence and keeps what it holds. */
	close(sequence: number, tokens: Int32Array, computed: number): void {
		this.publish(sequence, tokens, computed);
		this.#working.delete(sequence);
		if (computed === 0) {
			this.#free.push(sequence);
			return;
		}
		this.#kept.set(sequence, { sequence, tokens: tokens.slice(0, computed) });
		for (const { sequence: candidate } of this.kept) {
			const longer = this.#tree.coverersOf(candidate).find((owner) => this.#kept.has(owner));
			if (longer !== undefined) {
				this.#touch(longer);
				this.forget(candidate);
			}
		}
	}

	/** Drops a sequence, at work or kept, with all that only it holds. */
	forget(sequence: number): void {
		this.#working.delete(sequence);
		this.#kept.delete(sequence);
		this.#tree.remove(sequence);
		this.#context.trim(sequence, 0);
		this.#free.push(sequence);
	}

	/** Drops the longest unused kept beginning; false when there is none. */
	dropOldest(): boolean {
		const [oldest] = this.#kept.keys();
		if (oldest === undefined) {
			return false;
		}
		this.forget(oldest);
		return true;
	}

	#touch(sequence: number | null): void {
		const kept = sequence === null ? undefined : this.#kept.get(sequence);
		if (kept !== undefined) {
			this.#kept.delete(kept.sequence);
			this.#kept.set(kept.sequence, kept);
		}
	}
}
