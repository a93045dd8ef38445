import type { Block } from "@opta/host-client/session/transcript";
import { drawBlock } from "../blocks/draw-block.ts";
import { gapAfter } from "../blocks/print-queue.ts";
import type { ChatState } from "../chat/chat-state.ts";
import { drawPanel } from "./draw-panel.ts";
import { drawPrompt } from "./draw-prompt.ts";
import { drawQuestion } from "./draw-question.ts";
import { blockLook, type Drawing, type Screen } from "./draw-state.ts";
import { drawActivity, drawStatus } from "./draw-status.ts";

/**
 * Draws the part of the inline chat that changes: what is being written, a question or a panel, the prompt. It always leaves a
 * row of the terminal free, so that nothing above it is ever drawn again.
 */
export function drawInline(state: ChatState, live: readonly Block[], screen: Screen): Drawing {
	const { columns, rows, style } = screen;
	const room = Math.max(3, rows - 1);
	const prompt = drawPrompt(state, screen);
	const status = drawStatus(state, screen);
	const rule = style.dim("─".repeat(columns));
	const below =
		state.panel === null ? [rule, ...prompt.lines, status] : [rule, ...drawPanel(state.panel, state, screen, Math.min(16, room - 2))];
	const question = state.panel === null ? drawQuestion(state, screen, Math.max(4, room - below.length - 2)) : [];
	const activity = drawActivity(state, screen);
	const look = blockLook(state, screen, columns);
	const written = live.flatMap((block, index) => [...drawBlock(block, look), ...gapAfter(live, index)]);
	const fixed = activity.length + question.length + below.length;
	const shown = written.slice(Math.max(0, written.length - Math.max(0, room - fixed)));
	const lines = [...shown, ...activity, ...question, ...below].slice(-room);
	const top = lines.length - below.length;
	const cursor = state.panel === null && prompt.cursor !== null ? { x: prompt.cursor.x, y: top + 1 + prompt.cursor.y } : null;
	return { lines, cursor };
}
