import type { ChatState } from "../chat/chat-state.ts";
import { layoutEditor } from "../editor/editor-layout.ts";
import { tabText } from "../text/plain-text.ts";
import { padText, truncateText, withMargin } from "../text/wrap.ts";
import type { Drawing, Screen } from "./draw-state.ts";

/** Columns of the sign before the prompt. */
export const promptMargin = 2;
const mostRows = 10;

/** Draws what is being written, with a window of rows around the cursor, and the choices below it. */
export function drawPrompt(state: ChatState, { columns, rows, style }: Screen): Drawing {
	const width = columns - promptMargin - 1;
	const layout = layoutEditor(state.editor, width);
	const height = Math.max(1, Math.min(mostRows, Math.floor(rows / 3)));
	const first = Math.max(0, Math.min(layout.cursorRow - height + 1, layout.rows.length - height), layout.cursorRow - height + 1);
	const shown = layout.rows.slice(first, first + height);
	const words = state.editor.text === "" ? [style.dim(placeholder(state))] : shown.map((row) => row.text.replaceAll("\t", tabText));
	const choices = drawChoices(state, columns, style);
	return {
		lines: [...withMargin(words, style.accent("› "), "  "), ...choices],
		cursor: { x: promptMargin + layout.cursorColumn, y: layout.cursorRow - first },
	};
}

function placeholder(state: ChatState): string {
	if (state.view.permissions[0]?.kind === "question") {
		return "Answer, or Esc to stop";
	}
	return state.sessionId === null ? "Ask, or describe a task" : "Message";
}

function drawChoices({ completion }: ChatState, columns: number, style: Screen["style"]): string[] {
	if (completion === null) {
		return [];
	}
	const { items, selected } = completion;
	const first = Math.max(0, Math.min(selected - 3, items.length - 8));
	const column = Math.max(...items.map((item) => item.label.length)) + 2;
	return items.slice(first, first + 8).map((item, index) => {
		const mark = index + first === selected ? style.accent("  ▸ ") : "    ";
		const label = truncateText(item.label, columns - 5);
		const note = column + 8 < columns ? truncateText(item.note, columns - column - 5) : "";
		return mark + (index + first === selected ? style.bold(padText(label, column)) : padText(label, column)) + style.dim(note);
	});
}
