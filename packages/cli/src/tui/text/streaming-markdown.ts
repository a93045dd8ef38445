import { lexer } from "marked";

/** Text that grows: blocks that no further text can change, and the rest. Together they are the text. */
export interface GrowingMarkdown {
	/** Markdown source of each finished block. */
	readonly settled: readonly string[];
	readonly settledLength: number;
	readonly rest: string;
}

/** Before the first piece. */
export const noMarkdown: GrowingMarkdown = { settled: [], settledLength: 0, rest: "" };

/**
 * Takes in the text as it is now (it only ever grows). Only the part after the last finished block is read again, so that
 * a long answer costs no more per piece than its last block. A block is finished when another one follows it on a
 * complete line.
 */
export function growMarkdown(known: GrowingMarkdown, text: string): GrowingMarkdown {
	const open = text.slice(known.settledLength);
	const lines = open.slice(0, open.lastIndexOf("\n") + 1);
	if (lines === "" || lines === known.rest) {
		return { ...known, rest: open };
	}
	const tokens = lexer(lines);
	const last = tokens.findLastIndex((token) => token.type !== "space");
	const finished = tokens.slice(0, Math.max(0, last));
	const length = finished.reduce((sum, token) => sum + token.raw.length, 0);
	// `lexer` may tidy the source (carriage returns); then lengths do not add up and nothing is settled early.
	if (length === 0 || tokens.map((token) => token.raw).join("") !== lines) {
		return { ...known, rest: open };
	}
	return {
		settled: [...known.settled, ...finished.filter((token) => token.type !== "space").map((token) => token.raw)],
		settledLength: known.settledLength + length,
		rest: open.slice(length),
	};
}
