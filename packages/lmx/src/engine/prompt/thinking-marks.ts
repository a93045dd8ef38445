/** The texts between which a model writes its thoughts. */
export interface ThinkingMarks {
	readonly open: string;
	readonly close: string;
}

/** gpt-oss writes every part of an answer as a message with a channel; between thoughts and answer stands all of this. */
const harmonyMarks: ThinkingMarks = {
	open: "<|channel|>analysis<|message|>",
	close: "<|end|><|start|>assistant<|channel|>final<|message|>",
};

/** The marks that open models use, as their chat templates write them. */
const knownMarks: readonly ThinkingMarks[] = [
	{ open: "<think>", close: "</think>" },
	{ open: "[THINK]", close: "[/THINK]" },
	{ open: "<|START_THINKING|>", close: "<|END_THINKING|>" },
	{ open: "<seed:think>", close: "</seed:think>" },
	{ open: "<thought>", close: "</thought>" },
	harmonyMarks,
];

/**
 * Texts of control tokens that stand in the answer like other text: readers of thoughts and of tool calls need
 * them. Other control tokens are never shown.
 */
export const shownControlTexts: readonly string[] = [
	...knownMarks.flatMap(({ open, close }) => [open, close]),
	"<tool_call>",
	"</tool_call>",
	"<|start|>",
	"<|channel|>",
	"<|message|>",
	"<|end|>",
];

/**
 * Finds the marks of a model: its chat template writes the opening one, or its vocabulary has both as tokens of their own.
 * Null when the model does not think.
 */
export function findThinkingMarks(chatTemplate: string | null, isToken: (text: string) => boolean): ThinkingMarks | null {
	return (
		knownMarks.find(({ open }) => chatTemplate?.includes(open) === true) ??
		knownMarks.find(({ open, close }) => isToken(open) && isToken(close)) ??
		null
	);
}

/** True when a prompt opened the thinking part and did not close it. */
export function endsInThinking(prompt: string, marks: ThinkingMarks | null): boolean {
	return marks !== null && prompt.trimEnd().endsWith(marks.open);
}

/** What ends the thinking part when it has lasted long enough, as models that think end it themselves. */
export function closingText({ close }: ThinkingMarks): string {
	return close === harmonyMarks.close ? close : `\n${close}\n\n`;
}
