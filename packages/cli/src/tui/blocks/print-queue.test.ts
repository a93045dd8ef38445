import type { Block } from "@opta/host-client/session/transcript";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainHighlight } from "../text/highlight.ts";
import { createStyle } from "../text/style.ts";
import { type BlockLook, drawBlock } from "./draw-block.ts";
import { advancePrint, emptyPrintQueue } from "./print-queue.ts";

const look: BlockLook = {
	columns: 60,
	style: createStyle(false),
	highlight: plainHighlight,
	showReasoning: false,
	showOutput: false,
	ownClientId: "me",
	clientNames: new Map(),
	speeds: new Map(),
};
const textBlock = (text: string, settled: boolean, id = "m:text"): Block => ({ kind: "text", id, settled, text, base: 0 });
const note = (text: string): Block => ({ kind: "note", id: text, settled: true, text });
const parts = fc.constantFrom("Para one.\n\n", "- a\n- b\n\n", "```js\nx\n\ny\n```\n\n", "# H\n\n", "> q\n\n", "plain words ");

function printAll(steps: readonly (readonly Block[])[]) {
	let queue = emptyPrintQueue;
	const lines: string[] = [];
	const keys: string[] = [];
	for (const blocks of steps) {
		const step = advancePrint(queue, blocks, look);
		queue = step.queue;
		lines.push(...step.items.flatMap((item) => item.lines));
		keys.push(...step.items.map((item) => item.key));
	}
	return { lines, keys, queue };
}
const words = (lines: readonly string[]) => lines.filter((line) => line.trim() !== "");

describe("advancePrint", () => {
	it("prints a text that grows exactly as it prints the whole text at once", () => {
		fc.assert(
			fc.property(fc.array(parts, { minLength: 1, maxLength: 8 }), fc.array(fc.integer({ min: 1, max: 9 })), (sources, sizes) => {
				const text = sources.join("");
				const ends = sizes.map((_, index) =>
					Math.min(
						text.length,
						sizes.slice(0, index + 1).reduce((sum, size) => sum + size, 0),
					),
				);
				const steps = [...ends.map((end) => [textBlock(text.slice(0, end), false)]), [textBlock(text, true)]];
				const { lines, keys } = printAll(steps);
				expect(words(lines)).toEqual(words(drawBlock(textBlock(text, true), look)));
				expect(new Set(keys).size).toBe(keys.length);
			}),
		);
	});

	it("prints in order and only once, and waits behind what is not settled", () => {
		const running = textBlock("half", false);
		const first = advancePrint(emptyPrintQueue, [note("a"), running, note("b")], look);
		expect(first.items.map((item) => item.key)).toEqual(["a"]);
		expect(first.live.map((block) => block.id)).toEqual(["m:text", "b"]);
		const second = advancePrint(first.queue, [note("a"), textBlock("half and whole", true), note("b")], look);
		expect(second.items.map((item) => item.key)).toEqual(["m:text:0", "b"]);
		expect(second.live).toEqual([]);
	});

	it("prints the whole text where it turned out to be another one", () => {
		const { lines } = printAll([[textBlock("One.\n\nTwo\n\nThr", false)], [textBlock("Other words.", true)]]);
		expect(words(lines)).toEqual(["  One.", "  Other words."]);
	});
});
