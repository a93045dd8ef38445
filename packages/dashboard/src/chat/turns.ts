import type { Answer, ChatEntry, Question } from "./conversation.ts";

/** A question with its answer; null only while the answer has not begun. */
export interface Turn {
	readonly question: Question;
	readonly answer: Answer | null;
}

/** Groups entries into turns. An answer without a question before it belongs to none. */
export function turnsOf(entries: readonly ChatEntry[]): readonly Turn[] {
	return entries.flatMap((entry, index) => {
		if (entry.role === "assistant") {
			return [];
		}
		const next = entries[index + 1];
		return [{ question: entry, answer: next?.role === "assistant" ? next : null }];
	});
}
