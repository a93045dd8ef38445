/** Most tokens guessed for one answer in one step. */
export const mostDraftTokens = 16;
/** An answer begins with this many. */
const firstDraftTokens = 4;
/** Steps without a guess after guesses in vain; doubled each time, up to the longest. */
const firstPause = 2;
const longestPause = 64;

/** Decides how many tokens are guessed for an answer: more while guesses are right, none for a while when they are in vain. */
export class DraftPace {
	#tokens = firstDraftTokens;
	#pause = firstPause;
	#wait = 0;

	/** How many to guess in the next step; call once for each. */
	next(): number {
		if (this.#wait > 0) {
			this.#wait--;
			return 0;
		}
		return this.#tokens;
	}

	/** Learns how many of the guesses were right. */
	record(drafted: number, accepted: number): void {
		if (drafted === 0) {
			return;
		}
		if (accepted === 0) {
			this.#tokens = Math.max(1, this.#tokens >> 1);
			this.#wait = this.#pause;
			this.#pause = Math.min(longestPause, this.#pause * 2);
			return;
		}
		this.#pause = firstPause;
		this.#tokens = accepted === drafted ? Math.min(mostDraftTokens, this.#tokens * 2) : Math.max(1, accepted + 1);
	}
}
