import { expect, it } from "vitest";
import { byteVocabulary } from "../../testing/byte-vocabulary.ts";
import { rerankPrompt } from "./rerank-prompt.ts";

const marks = { beginToken: 1, endToken: 2, separatorToken: 3 };

it.each([
	["as far as the tokenizer marks texts", {}, [113, 100]],
	["as RoBERTa does", { addsBegin: true, addsEnd: true, addsSeparator: true }, [1, 113, 2, 3, 100, 2]],
	["as BERT does", { addsBegin: true, addsSeparator: true }, [1, 113, 3, 100, 3]],
])("puts a query and a document together %s", (_, adds, expected) => {
	expect([...rerankPrompt({ ...byteVocabulary, ...marks, ...adds }, null, "q", "d")]).toEqual(expected);
});

it("uses the model's own template, and takes braces in texts for text", () => {
	const tokens = rerankPrompt(byteVocabulary, "Q: {query} D: {document}", "{document}", "$& d");
	expect(Buffer.from(tokens).toString()).toBe("Q: {document} D: $& d");
});
