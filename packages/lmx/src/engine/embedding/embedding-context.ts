/** What embedding needs of a model; a context of its own, so that running answers keep theirs. */
export interface EmbeddingContext {
	/** Tokens of all inputs that are computed together. */
	readonly contextTokens: number;
	/** Inputs that can be computed together. */
	readonly sequences: number;
	/**
	 * Most tokens of one step; null for a model that must see an input as a whole, whose vectors are then those of
	 * whole inputs. The vectors of the others are those of their tokens.
	 */
	readonly stepTokens: number | null;
	add(token: number, position: number, sequence: number): void;
	/** Computes what was added. Throws RefusalError when memory does not suffice. */
	compute(): void;
	/** Vector of the nth token of the last step, valid until the next one. */
	tokenVector(row: number): Float32Array;
	/** Vector or score of an input of the last step, valid until the next one. */
	inputVector(sequence: number): Float32Array;
	/** Forgets all inputs. */
	clear(): void;
	/** Gives the memory back. */
	close(): void;
}

/** Opens a context for so many tokens; null when memory does not suffice. */
export type OpenEmbeddingContext = (contextTokens: number) => EmbeddingContext | null;
