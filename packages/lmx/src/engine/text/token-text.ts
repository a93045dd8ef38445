import type { Vocabulary } from "../context/inference-context.ts";

/** Texts of tokens that are whole characters, kept because the same few thousand come again and again. */
export type PieceTexts = (token: number) => string | null;

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Makes the cache of one vocabulary; null for a token that is only a part of a character. */
export function createPieceTexts(vocabulary: Vocabulary): PieceTexts {
	const texts = new Map<number, string | null>();
	return (token) => {
		let text = texts.get(token);
		if (text === undefined) {
			try {
				text = strict.decode(vocabulary.piece(token));
			} catch {
				text = null;
			}
			texts.set(token, text);
		}
		return text;
	};
}

/** Turns tokens into text; the bytes of a character that is not complete yet are held back. */
export class TokenText {
	readonly #vocabulary: Vocabulary;
	readonly #texts: PieceTexts;
	readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
	#isInside = false;

	constructor(vocabulary: Vocabulary, texts: PieceTexts) {
		this.#vocabulary = vocabulary;
		this.#texts = texts;
	}

	/** The text that this token completes, possibly none. */
	push(token: number): string {
		if (!this.#isInside) {
			const text = this.#texts(token);
			if (text !== null) {
				return text;
			}
		}
		this.#isInside = true;
		return this.#decoder.decode(this.#vocabulary.piece(token), { stream: true });
	}

	/** What is left at the end; an incomplete character becomes U+FFFD. */
	end(): string {
		return this.#isInside ? this.#decoder.decode() : "";
	}
}
