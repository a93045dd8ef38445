import { describe, expect, it } from "vitest";
import { closingText, endsInThinking, findThinkingMarks } from "./thinking-marks.ts";

const noTokens = (): boolean => false;

describe("findThinkingMarks", () => {
	it.each([
		["{{ '<think>\\n' }}", "<think>", "</think>"],
		["[SYSTEM_PROMPT]Think in [THINK][/THINK]", "[THINK]", "[/THINK]"],
		[
			"<|start|>assistant<|channel|>analysis<|message|>",
			"<|channel|>analysis<|message|>",
			"<|end|><|start|>assistant<|channel|>final<|message|>",
		],
	])("reads them in the template %s", (template, open, close) => {
		expect(findThinkingMarks(template, noTokens)).toEqual({ open, close });
	});

	it("takes tokens of the vocabulary for them where the template is silent", () => {
		const tokens = ["<think>", "</think>"];
		expect(findThinkingMarks("{{ messages }}", (text) => tokens.includes(text))).toEqual({ open: "<think>", close: "</think>" });
		expect(findThinkingMarks("{{ messages }}<|end|>", (text) => text === "<think>")).toBeNull();
		expect(findThinkingMarks(null, noTokens)).toBeNull();
	});
});

it("knows a prompt that opened the thinking and did not close it", () => {
	const marks = { open: "<think>", close: "</think>" };
	expect(endsInThinking("<|im_start|>assistant\n<think>\n", marks)).toBe(true);
	expect(endsInThinking("<|im_start|>assistant\n<think>\n\n</think>\n\n", marks)).toBe(false);
	expect(endsInThinking("<think>", null)).toBe(false);
});

it("closes the thinking as the model would", () => {
	expect(closingText({ open: "<think>", close: "</think>" })).toBe("\n</think>\n\n");
});
