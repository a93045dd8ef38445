import { columnsOf } from "../text/wrap.ts";
import { type EditorState, unitBoundaries } from "./editor-state.ts";

/** The text in lines of the screen, and where the cursor is in them. */
export interface EditorLayout {
	readonly rows: readonly EditorRow[];
	readonly cursorRow: number;
	readonly cursorColumn: number;
}

/** One line of the screen: part of the text, and the column of each boundary in it. */
export interface EditorRow {
	readonly text: string;
	readonly stops: readonly { readonly index: number; readonly column: number }[];
}

/** Breaks the text into rows of at most `columns` columns. The cursor behind a full row stands at the start of the next. */
export function layoutEditor(state: Pick<EditorState, "text" | "cursor" | "attachments">, columns: number): EditorLayout {
	const rows: { text: string; stops: { index: number; column: number }[] }[] = [{ text: "", stops: [] }];
	const boundaries = unitBoundaries(state);
	let column = 0;
	let row = rows[0];
	for (const [place, index] of boundaries.entries()) {
		const unit = state.text.slice(index, boundaries[place + 1] ?? index);
		const width = unit === "\n" ? 0 : columnsOf(unit);
		if (column + width > columns || (column === columns && unit !== "\n")) {
			row = { text: "", stops: [] };
			rows.push(row);
			column = 0;
		}
		row?.stops.push({ index, column });
		if (unit === "\n") {
			row = { text: "", stops: [] };
			rows.push(row);
			column = 0;
		} else if (row !== undefined) {
			row.text += unit;
			column += width;
		}
	}
	const cursorRow = Math.max(
		0,
		rows.findIndex((candidate) => candidate.stops.some((stop) => stop.index === state.cursor)),
	);
	const cursorColumn = rows[cursorRow]?.stops.find((stop) => stop.index === state.cursor)?.column ?? 0;
	return { rows, cursorRow, cursorColumn };
}

/** Where the cursor gets by going one row up or down; null where there is none. */
export function verticalTarget(layout: EditorLayout, direction: "up" | "down"): number | null {
	const row = layout.rows[layout.cursorRow + (direction === "up" ? -1 : 1)];
	if (row === undefined) {
		return null;
	}
	return (row.stops.findLast((stop) => stop.column <= layout.cursorColumn) ?? row.stops[0])?.index ?? null;
}
