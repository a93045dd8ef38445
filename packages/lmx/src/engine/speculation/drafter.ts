/** An answer whose next tokens are to be guessed. */
export interface DraftRequest {
	readonly sequence: number;
	/** Prompt and answer; the first `length` entries count. */
	readonly tokens: Int32Array;
	readonly length: number;
	/** Most tokens to guess. */
	readonly most: number;
}

/** Guesses how answers go on. A wrong guess costs time and nothing else. */
export interface Drafter {
	/** Guesses for each request, in order; empty where there is nothing to guess from. */
	propose(requests: readonly DraftRequest[]): readonly (readonly number[])[];
}
