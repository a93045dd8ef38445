/** What scheduling and sampling need of a model; everything above it is plain TypeScript and runs on a fake too. */
export interface InferenceContext {
	/** Cells of the cache that all sequences share; also the longest a single sequence can be, in tokens. */
	readonly contextTokens: number;
	/** Sequences that can be in one batch, numbered from 0. */
	readonly sequences: number;
	/** Most tokens of one step. */
	readonly batchTokens: number;
	/** False for recurrent models: of such a sequence only the whole can be kept or dropped. */
	readonly keepsPrefixes: boolean;
	/** Adds a token to the next step and gives its row, for `logits`. */
	add(token: number, position: number, sequence: number, wantsLogits: boolean): number;
	/**
	 * Computes the step and empties the batch. `full`: the cache has no room for it and nothing was computed.
	 * Throws when the engine is broken; the process must end then.
	 */
	decode(): "done" | "full";
	/** Scores of every token of the vocabulary after a row, valid until the next `decode`. */
	logits(row: number): Float32Array;
	/** Drops what a sequence holds from a position on; false when the model can drop only the whole, which was done then. */
	trim(sequence: number, fromPosition: number): boolean;
	/** Lets an empty sequence share the first tokens of another without computing them. */
	copyPrefix(source: number, target: number, tokens: number): void;
}

/** A model's words. */
export interface Vocabulary {
	readonly size: number;
	/** Token ids of a text. `special`: names of control tokens stand for them. `begin`: with the model's begin token, if it wants one. */
	tokenize(text: string, options: { special: boolean; begin: boolean }): Int32Array;
	/** UTF-8 bytes of a token, possibly a part of a character; empty for control tokens. */
	piece(token: number): Uint8Array;
	isEndOfGeneration(token: number): boolean;
	/** Texts of the control tokens, such as `<|im_start|>`. */
	controlTexts(): readonly string[];
	/** Texts that chat templates name `bos_token` and `eos_token`; empty where the model has none. */
	readonly beginText: string;
	readonly endText: string;
	/** The tokenizer itself puts a begin token in front. */
	readonly addsBegin: boolean;
}
