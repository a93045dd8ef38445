/** Earlier prompts, oldest first, and the way through them. */
export interface HistoryCursor {
	readonly entries: readonly string[];
	/** Position; `entries.length` is the text that was being written. */
	readonly at: number;
	readonly draft: string;
}

/** Most prompts that are remembered. */
export const historyLimit = 1000;

/** At the end of the history. */
export function startHistory(entries: readonly string[]): HistoryCursor {
	return { entries, at: entries.length, draft: "" };
}

/** One prompt back or forth. The text that was being written comes back at the end. */
export function stepHistory(
	cursor: HistoryCursor,
	direction: "older" | "newer",
	current: string,
): { cursor: HistoryCursor; text: string } | null {
	const at = cursor.at + (direction === "older" ? -1 : 1);
	if (at < 0 || at > cursor.entries.length) {
		return null;
	}
	const draft = cursor.at === cursor.entries.length ? current : cursor.draft;
	return { cursor: { ...cursor, at, draft }, text: at === cursor.entries.length ? draft : (cursor.entries[at] ?? "") };
}

/** The history with a prompt more; the same prompt twice in a row is kept once. */
export function rememberPrompt(entries: readonly string[], prompt: string): readonly string[] {
	return prompt.trim() === "" || entries.at(-1) === prompt ? entries : [...entries, prompt].slice(-historyLimit);
}

/** Prompts that contain the words, newest first, each once. */
export function searchHistory(entries: readonly string[], query: string): string[] {
	const needle = query.toLowerCase();
	return [...new Set(entries.toReversed())].filter((entry) => entry.toLowerCase().includes(needle));
}
