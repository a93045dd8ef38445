import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainReader } from "../serving/answer-reader.ts";
import { ThinkingReader } from "./thinking-reader.ts";

const marks = { open: "<think>", close: "</think>" };

function read(pieces: readonly string[], startsInside = false): { reasoning: string; content: string } {
	const reader = new ThinkingReader(marks, startsInside, plainReader);
	const deltas = [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()];
	return {
		reasoning: deltas.map((delta) => delta.reasoning_content ?? "").join(""),
		content: deltas.map((delta) => delta.content ?? "").join(""),
	};
}

describe("ThinkingReader", () => {
	it.each([
		["<think>\nHm, let me see.\n</think>\n\nFour.", false, "Hm, let me see.", "Four."],
		["Hm.\n</think>\n\nFour.", true, "Hm.", "Four."],
		["<think>\n\n</think>\n\nFour.", false, "", "Four."],
		["Four. <think>not a thought</think>", false, "", "Four. <think>not a thought</think>"],
		["<think>cut off </thi", false, "cut off </thi", ""],
		["<thin ice", false, "", "<thin ice"],
		["  Four.", false, "", "  Four."],
	])("splits %j", (text, startsInside, reasoning, content) => {
		expect(read([text], startsInside)).toEqual({ reasoning, content });
	});

	it("splits the same however the text is cut, and never shows a part of a mark", () => {
		const fragments = fc.constantFrom("<think>", "</think>", "<", "think>", "/", " ", "\n", "word", "</", "é😀");
		fc.assert(
			fc.property(fc.array(fragments, { maxLength: 10 }), fc.boolean(), (parts, startsInside) => {
				const text = parts.join("");
				expect(read([...text], startsInside)).toEqual(read([text], startsInside));
				expect(read(parts, startsInside)).toEqual(read([text], startsInside));
			}),
			{ numRuns: 1000 },
		);
	});

	it("shows thoughts while they come", () => {
		const reader = new ThinkingReader(marks, false, plainReader);
		expect(["<thi", "nk>\nFirst", " I </", "b> think", "</think>", "\n\nYes"].map((piece) => reader.push(piece))).toEqual([
			[],
			[{ reasoning_content: "First" }],
			[{ reasoning_content: " I" }],
			[{ reasoning_content: " </b> think" }],
			[],
			[{ content: "Yes" }],
		]);
	});
});
