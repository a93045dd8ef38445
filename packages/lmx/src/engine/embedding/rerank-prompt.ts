import type { Vocabulary } from "../context/inference-context.ts";

/**
 * Puts a query and a document together as rerankers are trained: by the model's own template with `{query}` and
 * `{document}` where its file brings one, else begin, query, end, separator, document, end, as far as the
 * tokenizer uses these; without an end token the separator stands at the end too, as for BERT.
 */
export function rerankPrompt(vocabulary: Vocabulary, template: string | null, query: string, document: string): Int32Array {
	if (template !== null) {
		const text = template.replace(/\{(query|document)\}/g, (_, name) => (name === "query" ? query : document));
		return vocabulary.tokenize(text, { special: true, begin: false });
	}
	const { beginToken, endToken, separatorToken, addsBegin, addsEnd, addsSeparator } = vocabulary;
	const plain = { special: false, begin: false };
	const begin = addsBegin && beginToken !== null ? [beginToken] : [];
	const end = addsEnd && endToken !== null ? [endToken] : [];
	const separator = addsSeparator && separatorToken !== null ? [separatorToken] : [];
	return Int32Array.from([
		...begin,
		...vocabulary.tokenize(query, plain),
		...end,
		...separator,
		...vocabulary.tokenize(document, plain),
		...(end.length === 0 ? separator : end),
	]);
}
