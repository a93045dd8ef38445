import type { Block } from "@opta/host-client/session/transcript";
import { drawBlock } from "../blocks/draw-block.ts";
import { gapAfter } from "../blocks/print-queue.ts";
import type { ChatState } from "../chat/chat-state.ts";
import { shownBlocks } from "../chat/local-blocks.ts";
import { blockLook, type Screen } from "./draw-state.ts";

/** Lines of one block, kept while block and look stay the same. */
interface KeptLines {
	readonly look: string;
	readonly gap: number;
	readonly lines: readonly string[];
}

/** Lines of blocks that were drawn, by block: settled blocks of a session are the same objects from frame to frame. */
const kept = new WeakMap<object, KeptLines>();

/** A part of the transcript: its lines, and whether there is more above and below. */
export interface StreamWindow {
	readonly lines: readonly string[];
	readonly above: boolean;
	readonly below: boolean;
}

type Place = NonNullable<ChatState["anchor"]>;

/** The lines that fit, ending with the anchor or with the end. Only the blocks in the window are drawn. */
export function streamWindow(state: ChatState, screen: Screen, columns: number, rows: number): StreamWindow {
	const blocks = shownBlocks(state);
	const linesOf = (index: number): readonly string[] => blockLines(blocks, index, state, screen, columns);
	const anchored = state.anchor === null ? -1 : blocks.findIndex((block) => block.id === state.anchor?.blockId);
	let index = anchored < 0 ? blocks.length - 1 : anchored;
	const end = anchored < 0 ? undefined : (state.anchor?.line ?? 0) + 1;
	let lines: readonly string[] = index < 0 ? [] : linesOf(index).slice(0, end);
	while (lines.length < rows && index > 0) {
		index -= 1;
		lines = [...linesOf(index), ...lines];
	}
	return { lines: lines.slice(-rows), above: index > 0 || lines.length > rows, below: anchored >= 0 };
}

/** The anchor after scrolling by lines, down where positive; null when the end is reached. Never above the first full window. */
export function scrollAnchor(state: ChatState, screen: Screen, columns: number, rows: number, by: number): Place | null {
	const blocks = shownBlocks(state);
	const counts = (index: number): number => blockLines(blocks, index, state, screen, columns).length;
	const last = blocks.length - 1;
	const anchored = state.anchor === null ? -1 : blocks.findIndex((block) => block.id === state.anchor?.blockId);
	let index = anchored < 0 ? last : anchored;
	let line = (anchored < 0 ? counts(last) - 1 : (state.anchor?.line ?? 0)) + by;
	while (line < 0 && index > 0) {
		index -= 1;
		line += counts(index);
	}
	while (index <= last && line >= counts(index)) {
		line -= counts(index);
		index += 1;
	}
	if (index > last || (index === last && line >= counts(last) - 1)) {
		return null;
	}
	const top = topAnchor(blocks.length, counts, rows);
	const beforeTop = index < top.index || (index === top.index && line < top.line);
	const place = beforeTop ? top : { index, line };
	const block = blocks[place.index];
	return block === undefined || (place.index === last && place.line >= counts(last) - 1) ? null : { blockId: block.id, line: place.line };
}

/** The last line of the first full window. */
function topAnchor(length: number, counts: (index: number) => number, rows: number): { index: number; line: number } {
	let left = rows;
	for (let index = 0; index < length; index += 1) {
		const count = counts(index);
		if (left <= count) {
			return { index, line: left - 1 };
		}
		left -= count;
	}
	return { index: length, line: 0 };
}

function blockLines(blocks: readonly Block[], index: number, state: ChatState, screen: Screen, columns: number): readonly string[] {
	const block = blocks[index];
	if (block === undefined) {
		return [];
	}
	// A call's block is made anew each time; its run is not.
	const key = block.kind === "tool" ? block.run : block;
	const gap = gapAfter(blocks, index);
	const look = [columns, state.showReasoning, state.showOutput, state.clientNames.size, screen.highlight.name, decisionOf(block)].join(":");
	const known = kept.get(key);
	if (known?.look === look && known.gap === gap.length) {
		return known.lines;
	}
	const lines = [...drawBlock(block, blockLook(state, screen, columns)), ...gap];
	kept.set(key, { look, gap: gap.length, lines });
	return lines;
}

function decisionOf(block: Block): string {
	return block.kind === "tool" ? (block.decision?.decision ?? "") : "";
}
