import type { TokenLogprob } from "@opta/contracts/schema/lmx-chat";
import fc from "fast-check";
import { expect, it } from "vitest";
import { byteVocabulary } from "../../testing/byte-vocabulary.ts";
import { AnswerText } from "./answer-text.ts";
import { createPieceTexts } from "./token-text.ts";

function measured(byte: number): TokenLogprob {
	return { token: "", logprob: 0, bytes: [byte], top_logprobs: [] };
}

/** Pieces of an answer of these bytes, one per token, until a stop string or the end. */
function pieces(bytes: Uint8Array, stops: readonly string[]) {
	const answer = new AnswerText(byteVocabulary, createPieceTexts(byteVocabulary), stops);
	const found = [];
	for (const byte of bytes) {
		const piece = answer.push(byte, measured(byte));
		found.push(piece);
		if (piece.stop !== null) {
			return found;
		}
	}
	return [...found, answer.end()];
}

it("sends the probabilities of tokens with the text that they make, whatever is held back", () => {
	const text = fc.string({ unit: fc.constantFrom("a", "b", "é", "👋"), maxLength: 20 });
	const stops = fc.array(fc.string({ unit: fc.constantFrom("a", "b", "é"), minLength: 1, maxLength: 3 }), { maxLength: 2 });
	fc.assert(
		fc.property(text, stops, (whole, stopStrings) => {
			const found = pieces(Buffer.from(whole), stopStrings);
			let shown = "";
			const bytes: number[] = [];
			for (const { text: piece, logprobs } of found) {
				shown += piece;
				bytes.push(...logprobs.flatMap((logprob) => logprob.bytes ?? []));
				expect(Buffer.from(bytes).toString()).toBe(shown);
			}
			const cut = stopStrings.map((stop) => whole.indexOf(stop)).filter((place) => place >= 0);
			expect(shown.length).toBeLessThanOrEqual(Math.min(whole.length, ...cut));
		}),
	);
});

it("brings the rest at the end", () => {
	const found = pieces(Buffer.from("stop!ST"), ["STOP"]);
	expect(found.at(-1)).toMatchObject({ text: "ST", stop: null });
	expect(found.at(-1)?.logprobs).toHaveLength(2);
});
