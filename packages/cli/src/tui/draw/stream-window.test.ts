import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ChatState, initialChatState } from "../chat/chat-state.ts";
import { plainHighlight } from "../text/highlight.ts";
import { createStyle } from "../text/style.ts";
import type { Screen } from "./draw-state.ts";
import { scrollAnchor, streamWindow } from "./stream-window.ts";

const screen: Screen = { columns: 40, rows: 12, style: createStyle(false), highlight: plainHighlight, nowMs: 0 };

/** A chat whose blocks have that many lines each. */
function chatOf(heights: readonly number[]): ChatState {
	const locals = heights.map((height, index) => {
		const text = Array.from({ length: height }, (_, line) => `${index}.${line}`).join("\n");
		return { after: null, block: { kind: "note" as const, id: String(index), settled: true, text } };
	});
	return { ...initialChatState({ workspace: "/", model: "auto", mode: "ask", sessionId: null }), locals };
}

const heights = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 12 });

describe("streamWindow", () => {
	it("shows at each place what the whole transcript has there", () => {
		fc.assert(
			fc.property(
				heights,
				fc.integer({ min: 1, max: 12 }),
				fc.array(fc.integer({ min: -15, max: 15 }), { maxLength: 12 }),
				(list, rows, moves) => {
					let state = chatOf(list);
					const whole = streamWindow(state, screen, 40, 1000).lines;
					let bottom = whole.length;
					for (const by of moves) {
						state = { ...state, anchor: scrollAnchor(state, screen, 40, rows, by) };
						bottom = Math.min(whole.length, Math.max(Math.min(rows, whole.length), bottom + by));
						expect(streamWindow(state, screen, 40, rows).lines).toEqual(whole.slice(Math.max(0, bottom - rows), bottom));
						expect(state.anchor === null).toBe(bottom === whole.length);
					}
				},
			),
		);
	});

	it("stays where it is while more is written below", () => {
		const before = chatOf([5, 5, 5]);
		const anchor = scrollAnchor(before, screen, 40, 6, -4);
		const shown = streamWindow({ ...before, anchor }, screen, 40, 6).lines;
		expect(streamWindow({ ...chatOf([5, 5, 5, 7]), anchor }, screen, 40, 6).lines).toEqual(shown);
	});
});
