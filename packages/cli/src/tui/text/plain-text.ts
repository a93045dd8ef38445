import stripAnsi from "strip-ansi";

// C0 but tab and newline, DEL, C1, and the marks that reorder text (Unicode TR 9), which could hide what a command does.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is removed.
const unprintable = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/g;

/** Columns that a tab is shown as. */
export const tabText = "    ";

/**
 * Text of a model, a tool or a person as it may be shown: nothing in it can move the cursor, set a title or reach the
 * clipboard. Of a line that overwrites itself (progress bars) only the last state stays.
 */
export function plainText(text: string): string {
	return stripAnsi(text)
		.replaceAll("\r\n", "\n")
		.replace(/[^\n]*\r(?=[^\n])/g, "")
		.replace(unprintable, "")
		.replaceAll("\t", tabText);
}

/** The same on one line. */
export function plainLine(text: string): string {
	return plainText(text)
		.replace(/\s*\n\s*/g, " ")
		.trim();
}
