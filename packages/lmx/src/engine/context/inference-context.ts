/** What scheduling and sampling need of a model; everything above it is plain TypeScript and runs on a fake too. */
export interface InferenceContext {
	/** Cells of the cache that all sequences share; also the longest a single sequence can be, in tokens. */
	readonly contextTokens: number;
	/** Answers that can be generated at the same time. */
	readonly sequences: number;
	/**
	 * Sequences of the cache, numbered from 0. Those beyond `sequences` keep beginnings for later prompts, and the
	 * last one is for moving state; there are none of them where `keepsPrefixes` is false.
	 */
	readonly cacheSequences: number;
	/** Most tokens of one step. */
	readonly batchTokens: number;
	/** Most rows of one step that can have scores. */
	readonly batchOutputs: number;
	/** False for recurrent models: of such a sequence only the whole can be kept or dropped, and nothing shared. */
	readonly keepsPrefixes: boolean;
	/** Adds a token to the next step and gives its row, for `logits`. */
	add(token: number, position: number, sequence: number, wantsLogits: boolean): number;
	/**
	 * Computes the step and empties the batch. `full`: the cache has no room for it and nothing was computed.
	 * `failed`: memory ran out or the device gave up; the cache holds nothing to rely on and must be rebuilt.
	 */
	decode(): "done" | "full" | "failed";
	/** Scores of every token of the vocabulary after a row, valid until the next `decode`. */
	logits(row: number): Float32Array;
	/** Drops what a sequence holds from a position on; false when the model can drop only the whole, which was done then. */
	trim(sequence: number, fromPosition: number): boolean;
	/** Drops what a sequence holds at the positions from `from` to before `to`. */
	drop(sequence: number, from: number, to: number): void;
	/** Lets a sequence, which holds nothing there, share the positions from `from` to before `to` of another without computing them. */
	share(source: number, target: number, from: number, to: number): void;
	/** A sequence still has what a continuation after its first `tokens` tokens reads; a sliding window lets go of old positions. */
	canContinue(sequence: number, tokens: number): boolean;
	/** A copy of everything that a sequence holds. */
	saveState(sequence: number): Uint8Array<ArrayBuffer>;
	/** Gives an empty sequence what was saved; false when there is no room or the state is not of this model, and nothing changed then. */
	restoreState(sequence: number, state: Uint8Array): boolean;
	/** Gives the memory back and takes it anew, empty. Throws when there is not enough of it. */
	rebuild(): void;
}

/** A model's words. */
export interface Vocabulary {
	readonly size: number;
	/** Token ids of a text. `special`: names of control tokens stand for them. `begin`: with the model's begin token, if it wants one. */
	tokenize(text: string, options: { special: boolean; begin: boolean }): Int32Array;
	/** The same, without holding up anybody where the text is long. */
	tokenizeLater(text: string, options: { special: boolean; begin: boolean }): Promise<Int32Array>;
	/** UTF-8 bytes of a token, possibly a part of a character; empty for control tokens, but for marks of thoughts and tool calls. */
	piece(token: number): Uint8Array;
	/** UTF-8 bytes of a token; the name of a control token. */
	spelling(token: number): Uint8Array;
	isEndOfGeneration(token: number): boolean;
	/** Texts of the control tokens, such as `<|im_start|>`. */
	controlTexts(): readonly string[];
	/** Texts that chat templates name `bos_token` and `eos_token`; empty where the model has none. */
	readonly beginText: string;
	readonly endText: string;
	/** The tokenizer itself puts a begin token in front. */
	readonly addsBegin: boolean;
	/** It puts an end token, or a separator, behind a text. */
	readonly addsEnd: boolean;
	readonly addsSeparator: boolean;
	/** The tokens that it adds; null where the model has none. */
	readonly beginToken: number | null;
	readonly endToken: number | null;
	readonly separatorToken: number | null;
	/** Tokens that mark the text before a gap, after it, and the gap; null for a model that does not fill in the middle. */
	readonly fillInMiddle: { readonly prefix: number; readonly suffix: number; readonly middle: number } | null;
}
