import type { BlockLook } from "../blocks/draw-block.ts";
import type { ChatState } from "../chat/chat-state.ts";
import type { Highlight } from "../text/highlight.ts";
import type { Style } from "../text/style.ts";

/** Size of the terminal, and how things are marked on it. */
export interface Screen {
	readonly columns: number;
	readonly rows: number;
	readonly style: Style;
	readonly highlight: Highlight;
	readonly nowMs: number;
}

/** Lines, and where the cursor stands in them; null hides it. */
export interface Drawing {
	readonly lines: readonly string[];
	readonly cursor: { readonly x: number; readonly y: number } | null;
}

/** How blocks are drawn in this state, in that many columns. */
export function blockLook(state: ChatState, screen: Screen, columns: number): BlockLook {
	const { showReasoning, showOutput, ownClientId, clientNames, speeds } = state;
	return { columns, style: screen.style, highlight: screen.highlight, showReasoning, showOutput, ownClientId, clientNames, speeds };
}
