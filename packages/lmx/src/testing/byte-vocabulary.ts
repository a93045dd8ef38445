import type { Vocabulary } from "../engine/context/inference-context.ts";

/** Ends generation. */
export const endToken = 256;

/** One token per byte: 0 to 255 are the bytes, 256 is the end. */
export const byteVocabulary: Vocabulary = {
	size: 257,
	tokenize: (text) => Int32Array.from(Buffer.from(text)),
	tokenizeLater: async (text) => Int32Array.from(Buffer.from(text)),
	piece: (token) => (token === endToken ? new Uint8Array() : Uint8Array.of(token)),
	spelling: (token) => (token === endToken ? Buffer.from("<|end|>") : Uint8Array.of(token)),
	isEndOfGeneration: (token) => token === endToken,
	controlTexts: () => ["<|end|>"],
	beginText: "",
	endText: "<|end|>",
	addsBegin: false,
	addsEnd: false,
	addsSeparator: false,
	beginToken: null,
	endToken,
	separatorToken: null,
	fillInMiddle: null,
};
