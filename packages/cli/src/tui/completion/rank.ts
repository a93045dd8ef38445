import { byLengthAsc, Fzf } from "fzf";

/** Candidates that hold the query's letters in order, best first, as fzf ranks them; the first ones in their own order without a query. */
export function rank<T>(candidates: readonly T[], query: string, textOf: (candidate: T) => string, limit: number): T[] {
	if (query === "") {
		return candidates.slice(0, limit);
	}
	const texts = candidates.map((candidate, index) => ({ text: textOf(candidate), index }));
	const found = new Fzf(texts, { selector: (entry) => entry.text, limit, casing: "smart-case", tiebreakers: [byLengthAsc] }).find(query);
	return found.flatMap(({ item }) => candidates.slice(item.index, item.index + 1));
}
