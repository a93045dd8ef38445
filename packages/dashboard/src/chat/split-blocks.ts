/** A streamed text cut where nothing that follows can change what stands before. */
export interface TextBlocks {
	/** Finished blocks of Markdown, in order; they never change once they are here. */
	readonly finished: readonly string[];
	/** What may still change. */
	readonly open: string;
}

const fenceStart = /^ {0,3}(`{3,}|~{3,})/;
const listItem = /^ {0,3}(?:[-+*]|\d{1,9}[.)])(?:\s|$)/;
const continuation = /^(?: {2,}|\t)/;

/**
 * Cuts Markdown (CommonMark) at blank lines that surely end a block: outside of fenced code, and not inside a list,
 * whose items may be apart and hold paragraphs of their own.
 */
export function splitBlocks(text: string): TextBlocks {
	const finished: string[] = [];
	let fence: string | null = null;
	let inList = false;
	let blank = false;
	let blockStart = 0;
	let lineStart = 0;
	// A line counts once its end has arrived: half a line may become anything.
	for (let lineEnd = text.indexOf("\n"); lineEnd !== -1; lineEnd = text.indexOf("\n", lineStart)) {
		const line = text.slice(lineStart, lineEnd);
		if (fence !== null) {
			fence = closesFence(line, fence) ? null : fence;
		} else if (line.trim() === "") {
			blank = true;
		} else {
			const belongsToList = inList && (listItem.test(line) || continuation.test(line));
			if (blank && !belongsToList && !continuation.test(line)) {
				finished.push(text.slice(blockStart, lineStart));
				blockStart = lineStart;
				inList = false;
			}
			inList ||= listItem.test(line);
			fence = fenceStart.exec(line)?.[1] ?? null;
			blank = false;
		}
		lineStart = lineEnd + 1;
	}
	return { finished, open: text.slice(blockStart) };
}

function closesFence(line: string, fence: string): boolean {
	const mark = fenceStart.exec(line)?.[1];
	return mark !== undefined && mark[0] === fence[0] && mark.length >= fence.length && line.trim() === mark;
}
