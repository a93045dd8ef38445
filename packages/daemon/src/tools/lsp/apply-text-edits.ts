import type { Position } from "./find-position.ts";

/** An edit as language servers give it. */
export interface TextEdit {
	readonly range: { readonly start: Position; readonly end: Position };
	readonly newText: string;
}

/** Where each line begins; ends of lines are those of the protocol. */
function lineStarts(text: string): number[] {
	return [0, ...[...text.matchAll(/\r\n|\n|\r/g)].map((match) => match.index + match[0].length)];
}

/**
 * The text with all edits made, each about the text as it is (LSP 3.18, `TextEdit[]`). Throws where edits overlap or point
 * to where there is nothing.
 */
export function applyTextEdits(text: string, edits: readonly TextEdit[]): string {
	const starts = lineStarts(text);
	const offset = ({ line, character }: Position): number => {
		const start = starts[line];
		if (start === undefined) {
			throw new Error(`An edit points to line ${line + 1}, which is not there.`);
		}
		const end = starts[line + 1] ?? text.length;
		return Math.min(start + character, end);
	};
	const places = edits
		.map(({ range, newText }) => ({ start: offset(range.start), end: offset(range.end), newText }))
		.toSorted((a, b) => a.start - b.start || a.end - b.end);
	let out = "";
	let position = 0;
	for (const { start, end, newText } of places) {
		if (start < position || end < start) {
			throw new Error("Edits overlap.");
		}
		out += text.slice(position, start) + newText;
		position = end;
	}
	return out + text.slice(position);
}
