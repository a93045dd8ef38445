import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byteVocabulary } from "../../testing/byte-vocabulary.ts";
import { createPieceTexts, TokenText } from "./token-text.ts";

describe("TokenText", () => {
	it("gives back any text whose characters were cut into bytes, never a broken one", () => {
		fc.assert(
			fc.property(fc.string({ unit: "binary" }), (raw) => {
				const text = raw.toWellFormed();
				const tokens = new TokenText(byteVocabulary, createPieceTexts(byteVocabulary));
				const parts = [...Buffer.from(text)].map((byte) => tokens.push(byte));
				parts.push(tokens.end());
				expect(parts.join("")).toBe(text);
				expect(parts.every((part) => part.isWellFormed())).toBe(true);
			}),
		);
	});

	it("marks a character that never ended", () => {
		const tokens = new TokenText(byteVocabulary, createPieceTexts(byteVocabulary));
		expect(tokens.push(0xe2)).toBe("");
		expect(tokens.end()).toBe("\ufffd");
	});
});
