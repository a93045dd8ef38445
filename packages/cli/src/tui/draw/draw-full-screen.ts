import type { ChatState } from "../chat/chat-state.ts";
import { sessionNote } from "../chat/list-panels.ts";
import { plainLine } from "../text/plain-text.ts";
import { columnsOf, padText, truncateText } from "../text/wrap.ts";
import { drawPanel } from "./draw-panel.ts";
import { drawPrompt } from "./draw-prompt.ts";
import { drawQuestion } from "./draw-question.ts";
import type { Drawing, Screen } from "./draw-state.ts";
import { drawActivity, drawStatus } from "./draw-status.ts";
import { streamWindow } from "./stream-window.ts";

/** Width of the list of sessions; 0 where it is hidden or the terminal is too narrow for it. */
export function sidebarColumns(state: ChatState, columns: number): number {
	return state.showSessions && columns >= 90 ? Math.min(34, Math.floor(columns * 0.28)) : 0;
}

/** How the rows of the full screen are shared out. */
export interface FullScreenLayout {
	readonly sidebar: number;
	readonly streamColumns: number;
	readonly streamRows: number;
}

interface Parts {
	readonly layout: FullScreenLayout;
	readonly lower: readonly string[];
	readonly cursor: Drawing["cursor"];
}

/** The layout in this state: what scrolling needs to know. */
export function fullScreenLayout(state: ChatState, screen: Screen): FullScreenLayout {
	return measureParts(state, screen).layout;
}

function measureParts(state: ChatState, screen: Screen): Parts {
	const sidebar = sidebarColumns(state, screen.columns);
	const streamColumns = screen.columns - sidebar - (sidebar > 0 ? 3 : 0);
	const inner = { ...screen, columns: streamColumns };
	const prompt = drawPrompt(state, inner);
	const question = drawQuestion(state, inner, Math.floor(screen.rows * 0.6));
	const before = [...drawActivity(state, inner), ...question, screen.style.dim("─".repeat(streamColumns))];
	const lower = [...before, ...prompt.lines, drawStatus(state, inner)].slice(-(screen.rows - 2));
	const top = screen.rows - lower.length + before.length;
	const cursor = prompt.cursor === null ? null : { x: prompt.cursor.x + (sidebar > 0 ? sidebar + 3 : 0), y: top + prompt.cursor.y };
	return { layout: { sidebar, streamColumns, streamRows: screen.rows - lower.length }, lower, cursor };
}

/** Draws the whole terminal: exactly `rows` lines. */
export function drawFullScreen(state: ChatState, screen: Screen): Drawing {
	const { columns, rows, style } = screen;
	const { layout, lower, cursor } = measureParts(state, screen);
	const { sidebar, streamColumns, streamRows } = layout;
	const upper =
		state.panel === null
			? drawStream(state, screen, layout)
			: drawPanel(state.panel, state, { ...screen, columns: streamColumns }, streamRows);
	const stream = [...upper, ...Array<string>(Math.max(0, streamRows - upper.length)).fill("")].slice(0, streamRows);
	const right = [...stream, ...lower];
	if (sidebar === 0) {
		return { lines: fill(right, rows), cursor: state.panel === null ? cursor : null };
	}
	const left = drawSessions(state, screen, sidebar, rows);
	const rule = style.dim(" │ ");
	const lines = fill(right, rows).map((line, index) => padText(left[index] ?? "", sidebar) + rule + line);
	return {
		lines: lines.map((line) => (columnsOf(line) > columns ? truncateText(line, columns) : line)),
		cursor: state.panel === null ? cursor : null,
	};
}

function drawStream(state: ChatState, screen: Screen, { streamColumns, streamRows }: FullScreenLayout): readonly string[] {
	const { style } = screen;
	const window = streamWindow(state, screen, streamColumns, streamRows);
	if (window.lines.length === 0) {
		return welcome(state, screen, streamRows);
	}
	const padded =
		window.lines.length < streamRows ? [...Array<string>(streamRows - window.lines.length).fill(""), ...window.lines] : window.lines;
	return window.below ? [...padded.slice(0, -1), style.dim("  ↓ more below · PgDn")] : padded;
}

function welcome(state: ChatState, { style }: Screen, rows: number): string[] {
	const lines =
		state.sessionId === null
			? [style.bold("  Opta"), "", style.dim("  An agent on your own models."), style.dim("  ? shows the keys.")]
			: [];
	return [...Array<string>(Math.max(0, rows - lines.length - 1)).fill(""), ...lines];
}

function drawSessions(state: ChatState, { style, nowMs }: Screen, columns: number, rows: number): string[] {
	const waiting = state.waiting.length;
	const head = ["", ` ${style.bold("Sessions")}${waiting > 0 ? style.warning(`  ${waiting} waiting`) : ""}`, ""];
	const room = Math.floor((rows - head.length - 2) / 3);
	const shown = state.sessions.slice(0, Math.max(0, room)).flatMap((session) => {
		const current = session.id === state.sessionId;
		const sign = session.waiting ? style.warning("?") : session.running ? style.accent("●") : current ? style.accent("▸") : " ";
		const title = truncateText(plainLine(session.title) || "Untitled", columns - 3);
		return [
			` ${sign} ${current ? style.bold(title) : title}`,
			style.dim(`   ${truncateText(sessionNote(session, nowMs), columns - 4)}`),
			"",
		];
	});
	const foot = style.dim(" Ctrl-G all · ? keys");
	const empty = state.sessions.length === 0 ? [style.dim("   none yet")] : [];
	return [...fill([...head, ...empty, ...shown], rows - 1), foot];
}

function fill(lines: readonly string[], rows: number): string[] {
	return [...lines, ...Array<string>(Math.max(0, rows - lines.length)).fill("")].slice(0, rows);
}
