/** The texts between which a model writes its thoughts. */
export interface ThinkingMarks {
	readonly open: string;
	readonly close: string;
}

/** The marks that open models use, as their chat templates write them. */
const knownMarks: readonly ThinkingMarks[] = [
	{ open: "<think>", close: "</think>" },
	{ open: "[THINK]", close: "[/THINK]" },
	{ open: "<|START_THINKING|>", close: "<|END_THINKING|>" },
	{ open: "<seed:think>", close: "</seed:think>" },
	{ open: "<thought>", close: "</thought>" },
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
	return `\n${close}\n\n`;
}
