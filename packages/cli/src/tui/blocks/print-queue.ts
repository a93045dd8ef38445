import type { Block } from "@opta/host-client/session/transcript";
import { type GrowingMarkdown, growMarkdown, noMarkdown } from "../text/streaming-markdown.ts";
import { type BlockLook, drawBlock } from "./draw-block.ts";

/** Lines that are printed once and then belong to the terminal's scrollback. */
export interface PrintedItem {
	readonly key: string;
	readonly lines: readonly string[];
}

/** What of a transcript has been printed. */
export interface PrintQueue {
	readonly printed: ReadonlySet<string>;
	/** The text of which only the first blocks are printed. */
	readonly partial: { readonly id: string; readonly text: string; readonly grown: GrowingMarkdown } | null;
}

/** Nothing printed. */
export const emptyPrintQueue: PrintQueue = { printed: new Set(), partial: null };

/** One step: what to print now, and the blocks that are still to be drawn anew each time. */
export interface PrintStep {
	readonly queue: PrintQueue;
	readonly items: readonly PrintedItem[];
	readonly live: readonly Block[];
}

/**
 * Prints what is settled, in order, up to the first block that is not. Of a text that is being written its finished
 * Markdown blocks are printed as they end, so that the live part stays small however long the answer gets.
 */
export function advancePrint(queue: PrintQueue, blocks: readonly Block[], look: BlockLook): PrintStep {
	const printed = new Set(queue.printed);
	const items: PrintedItem[] = [];
	let { partial } = queue;
	for (const [index, block] of blocks.entries()) {
		if (printed.has(block.id)) {
			continue;
		}
		if (block.kind === "text") {
			const step = printText(partial?.id === block.id ? partial : null, block, look);
			items.push(...step.items);
			partial = step.partial;
			if (!block.settled) {
				const rest = step.partial === null ? block : { ...block, text: step.partial.grown.rest };
				return { queue: { printed, partial }, items, live: [...(rest.text === "" ? [] : [rest]), ...blocks.slice(index + 1)] };
			}
		} else if (!block.settled) {
			return { queue: { printed, partial }, items, live: blocks.slice(index).filter((rest) => !printed.has(rest.id)) };
		} else {
			items.push({ key: block.id, lines: [...drawBlock(block, look), ...gapAfter(blocks, index)] });
		}
		printed.add(block.id);
	}
	return { queue: { printed, partial }, items, live: [] };
}

/** Calls stand close together; everything else has an empty line below it. */
export function gapAfter(blocks: readonly Block[], index: number): string[] {
	return blocks[index]?.kind === "tool" && blocks[index + 1]?.kind === "tool" ? [] : [""];
}

type TextBlock = Extract<Block, { kind: "text" }>;

function printText(
	partial: PrintQueue["partial"],
	block: TextBlock,
	look: BlockLook,
): Pick<PrintStep["queue"], "partial"> & { items: PrintedItem[] } {
	const known = partial?.grown ?? noMarkdown;
	const sameStart = block.base === 0 && block.text.startsWith(partial?.text.slice(0, known.settledLength) ?? "");
	if (!block.settled) {
		if (!sameStart) {
			return { partial, items: [] };
		}
		const grown = growMarkdown(known, block.text);
		const items = grown.settled
			.slice(known.settled.length)
			.map((source, place) => piece(block, source, known.settled.length + place, look));
		return { partial: { id: block.id, text: block.text, grown }, items };
	}
	// The whole text is here: print what was not printed; all of it where it turned out to be another text.
	const rest = sameStart ? block.text.slice(known.settledLength) : block.text;
	return { partial: null, items: rest.trim() === "" ? [] : [piece(block, rest, known.settled.length, look)] };
}

function piece(block: TextBlock, source: string, place: number, look: BlockLook): PrintedItem {
	return { key: `${block.id}:${place}`, lines: [...drawBlock({ ...block, text: source, base: 0 }, look), ""] };
}
