import type { EditorText } from "../editor/editor-state.ts";

/** What is being written where the cursor is, and which part of the text a choice would replace. */
export interface CompletionTarget {
	readonly kind: "command" | "file";
	readonly query: string;
	readonly start: number;
	readonly end: number;
}

/** The `/command` at the start of the text, or the `@file` (`@"with spaces"`), that ends at the cursor; null where there is none. */
export function findCompletion({ text, cursor }: EditorText): CompletionTarget | null {
	const before = text.slice(0, cursor);
	const command = /^\/([a-z0-9_:-]*)$/i.exec(before);
	if (command !== null) {
		return { kind: "command", query: command[1] ?? "", start: 0, end: cursor };
	}
	const file = /(?:^|\s)@(?:"([^"\n]*)|([^\s"@]*))$/.exec(before);
	if (file === null) {
		return null;
	}
	const query = file[1] ?? file[2] ?? "";
	return { kind: "file", query, start: before.lastIndexOf("@"), end: cursor };
}

/** How a file is written in a prompt. */
export function mentionOf(file: string): string {
	return /\s/.test(file) ? `@"${file}"` : `@${file}`;
}

/** Files that a prompt mentions, in order, each once. */
export function findMentions(text: string): string[] {
	const found = text.matchAll(/(?:^|\s)@(?:"([^"\n]+)"|([^\s"@]+))/g);
	return [...new Set(Array.from(found, (match) => match[1] ?? (match[2] ?? "").replace(/[.,;:!?)]+$/, "")).filter((file) => file !== ""))];
}
