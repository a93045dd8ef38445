import type { ChatState } from "../chat/chat-state.ts";
import type { Panel } from "../chat/panel.ts";
import { panelItems } from "../chat/panel-items.ts";
import { drawDiff } from "../text/draw-diff.ts";
import { columnsOf, padText, truncateText } from "../text/wrap.ts";
import type { Screen } from "./draw-state.ts";

/** Draws the open panel within that many rows. */
export function drawPanel(panel: Panel, state: ChatState, screen: Screen, rows: number): string[] {
	return panel.kind === "text" ? drawText(panel, screen, rows) : drawList(panel, state, screen, rows);
}

function drawText(panel: Extract<Panel, { kind: "text" }>, { columns, style }: Screen, rows: number): string[] {
	const lines = panel.text.split("\n");
	const room = Math.max(1, rows - 4);
	const shown = lines.slice(panel.scroll, panel.scroll + room).map((line) => `  ${truncateText(line, columns - 2)}`);
	const place = lines.length > room ? `   ${panel.scroll + 1}–${Math.min(lines.length, panel.scroll + room)} of ${lines.length}` : "";
	return [`  ${style.bold(panel.title)}${style.dim(place)}`, "", ...shown, "", style.dim("  Esc closes")];
}

function drawList(panel: Extract<Panel, { kind: "list" }>, state: ChatState, { columns, style }: Screen, rows: number): string[] {
	const items = panelItems(panel, state);
	const selected = Math.min(panel.selected, items.length - 1);
	const detail = items[selected]?.detail ?? "";
	const detailLines =
		detail === "" ? [] : ["", ...drawDiff(detail, columns - 4, style).map((line) => `    ${line}`)].slice(0, Math.floor(rows / 2));
	const room = Math.max(1, rows - 4 - detailLines.length);
	const first = Math.max(0, Math.min(selected - Math.floor(room / 2), items.length - room));
	const labelColumn = Math.min(Math.max(0, ...items.map((item) => columnsOf(item.label))), Math.floor(columns * 0.55));
	const lines = items.slice(first, first + room).map((item, index) => {
		const isSelected = index + first === selected;
		const label = padText(truncateText(item.label, labelColumn), labelColumn);
		const note = truncateText(item.note, columns - labelColumn - 9);
		return `${isSelected ? style.accent("  ▸ ") : "    "}${isSelected ? style.bold(label) : label}${item.current ? style.accent(" ● ") : "   "}${style.dim(note)}`;
	});
	const empty = panel.query === "" ? panel.empty : "Nothing matches.";
	const keys = Object.entries(panel.actions).map(
		([key, action]) =>
			`${key.replace("ctrl+", "Ctrl-").replace(/-([a-z])$/, (_, letter: string) => `-${letter.toUpperCase()}`)} ${action.label}`,
	);
	const query = panel.filter ? `  ${panel.query === "" ? style.dim("type to narrow") : panel.query}` : "";
	return [
		`  ${style.bold(panel.title)}${query}`,
		"",
		...(lines.length === 0 ? [`    ${style.dim(truncateText(empty, columns - 4))}`] : lines),
		...detailLines,
		"",
		style.dim(truncateText(`  ${["Enter", ...keys, "Esc closes"].join(" · ")}`, columns)),
	];
}
