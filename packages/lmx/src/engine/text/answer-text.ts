import type { TokenLogprob } from "@opta/contracts/schema/lmx-chat";
import type { Vocabulary } from "../context/inference-context.ts";
import { StopMatcher } from "./stop-matcher.ts";
import { type PieceTexts, TokenText } from "./token-text.ts";

/** What a token adds to an answer. */
export interface AnswerPiece {
	/** May be empty: the beginning of a character or of a stop string is held back. */
	readonly text: string;
	/** Probabilities of the tokens that make the text. */
	readonly logprobs: readonly TokenLogprob[];
	/** The stop string that was found; nothing may follow. */
	readonly stop: string | null;
}

/** Turns the tokens of an answer into its text: whole characters, nothing of a stop string, probabilities beside their text. */
export class AnswerText {
	readonly #tokens: TokenText;
	readonly #stops: StopMatcher;
	/** Characters that were decoded, and those of them that were shown. */
	#decoded = 0;
	#shown = 0;
	/** Tokens with the place of their text; a part of a character counts as its first letter. */
	#waiting: { readonly start: number; readonly end: number; readonly logprob: TokenLogprob }[] = [];

	constructor(vocabulary: Vocabulary, texts: PieceTexts, stops: readonly string[]) {
		this.#tokens = new TokenText(vocabulary, texts);
		this.#stops = new StopMatcher(stops);
	}

	/** Takes a token. */
	push(token: number, logprob: TokenLogprob | null): AnswerPiece {
		const start = this.#decoded;
		const decoded = this.#tokens.push(token);
		this.#decoded += decoded.length;
		if (logprob !== null) {
			this.#waiting.push({ start, end: Math.max(this.#decoded, start + 1), logprob });
		}
		const { text, stop } = this.#stops.push(decoded);
		this.#shown += text.length;
		return { text, logprobs: text === "" ? [] : this.#release(stop !== null), stop };
	}

	/** What was held back when the answer ended without a stop string. */
	end(): AnswerPiece {
		const last = this.#stops.push(this.#tokens.end());
		const text = last.stop === null ? last.text + this.#stops.end() : last.text;
		this.#shown += text.length;
		const logprobs = last.stop === null ? this.#waiting.splice(0).map(({ logprob }) => logprob) : this.#release(true);
		return { text, logprobs, stop: last.stop };
	}

	/** Tokens whose text was shown wholly; at a stop string also the one that was shown in part. */
	#release(stopped: boolean): TokenLogprob[] {
		const released = this.#waiting.filter(({ start, end }) => (stopped ? start < this.#shown : end <= this.#shown));
		this.#waiting = this.#waiting.slice(released.length);
		return released.map(({ logprob }) => logprob);
	}
}
