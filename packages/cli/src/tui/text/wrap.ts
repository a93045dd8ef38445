import stringWidth from "string-width";
import wrapAnsi from "wrap-ansi";

// biome-ignore lint/suspicious/noControlCharactersInRegex: SGR marks before the spaces are kept.
const spacesAfterBreak = /^((?:\u001B\[[\d;]*m)*) +/;
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Characters as people count them (Unicode TR 29). */
export function splitGraphemes(text: string): string[] {
	return Array.from(graphemes.segment(text), (part) => part.segment);
}

/** Columns that a text takes. */
export function columnsOf(text: string): number {
	return stringWidth(text);
}

/** Lines of at most `columns` columns, broken between words where that is possible, without the spaces of the break; marks go on over it. */
export function wrapText(text: string, columns: number): string[] {
	return text.split("\n").flatMap((line) => wrapLine(line, Math.max(1, columns)));
}

function wrapLine(line: string, columns: number): string[] {
	const pieces = wrapAnsi(line, columns, { hard: true, trim: false, wordWrap: true }).split("\n");
	return pieces.map((piece, index) => (index === 0 ? piece : piece.replace(spacesAfterBreak, "$1")).trimEnd());
}

/** One line of at most `columns` columns; what is cut is shown by an ellipsis. For text without marks. */
export function truncateText(text: string, columns: number): string {
	if (columnsOf(text) <= columns) {
		return text;
	}
	let kept = "";
	let used = 0;
	for (const part of splitGraphemes(text)) {
		used += columnsOf(part);
		if (used > columns - 1) {
			break;
		}
		kept += part;
	}
	return columns < 1 ? "" : `${kept}…`;
}

/** The text with spaces up to that many columns. */
export function padText(text: string, columns: number): string {
	return text + " ".repeat(Math.max(0, columns - columnsOf(text)));
}

/** Each line behind a margin: `first` before the first, `rest` before the others. */
export function withMargin(lines: readonly string[], first: string, rest = " ".repeat(columnsOf(first))): string[] {
	return lines.map((line, index) => (index === 0 ? first : line === "" ? rest.trimEnd() : rest) + line);
}
