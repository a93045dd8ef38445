import type { ChatDelta, TokenLogprob } from "@opta/contracts/schema/lmx-chat";
import type { AnswerReader } from "./answer-reader.ts";

/** A piece of an answer with the probabilities of its tokens. */
export type MeasuredDelta = readonly [delta: ChatDelta, logprobs: readonly TokenLogprob[] | null];

/**
 * Keeps probabilities beside the content that their tokens made: those of thinking and of markup are left out,
 * as in the OpenAI API; those of text that is held back wait with it.
 */
export class LogprobQueue {
	readonly #read: AnswerReader["push"];
	#waiting: TokenLogprob[] = [];

	constructor(read: AnswerReader["push"]) {
		this.#read = read;
	}

	/** Reads a piece of text; where its tokens make exactly that text, one by one. */
	push(text: string, tokens: readonly TokenLogprob[]): MeasuredDelta[] {
		if (tokens.map(({ token }) => token).join("") !== text) {
			return this.#measure(text, tokens);
		}
		return tokens.flatMap((token) => this.#measure(token.token, [token]));
	}

	/** What still waits when the text has ended. */
	take(): readonly TokenLogprob[] | null {
		const waiting = this.#waiting;
		this.#waiting = [];
		return waiting.length === 0 ? null : waiting;
	}

	#measure(text: string, tokens: readonly TokenLogprob[]): MeasuredDelta[] {
		this.#waiting.push(...tokens);
		return this.#read(text).map((delta): MeasuredDelta => {
			const waiting = this.take();
			return [delta, delta.content === undefined ? null : waiting];
		});
	}
}
