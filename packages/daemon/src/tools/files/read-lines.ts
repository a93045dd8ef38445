/** Lines of a text, with what lies around them. */
export interface LineRange {
	/** Without line ends; those that are too long are cut, with a note of how much is missing. */
	readonly lines: readonly string[];
	/** Lines of the whole text; null where reading stopped before its end. */
	readonly total: number | null;
}

/** What is wanted of a text. Lines count from 1. */
export interface WantedLines {
	readonly from: number;
	readonly count: number;
	/** Reading stops when the lines have so many bytes. */
	readonly maxBytes: number;
	readonly maxLineLength: number;
	/** True counts the lines to the end; false stops after the last one wanted. */
	readonly countAll: boolean;
}

/** Takes lines out of a text that comes in pieces; holds no more than what is wanted and one line. `\r\n` and `\n` end a line. */
export async function readLines(pieces: AsyncIterable<string> | Iterable<string>, wanted: WantedLines): Promise<LineRange> {
	const lines: string[] = [];
	let number = 1;
	let bytes = 0;
	let open = "";
	let openLength = 0;
	let any = false;
	const isWanted = (): boolean => number >= wanted.from && lines.length < wanted.count && bytes < wanted.maxBytes;
	const extend = (text: string): void => {
		any = true;
		openLength += text.length;
		if (isWanted() && open.length <= wanted.maxLineLength) {
			open += text.slice(0, wanted.maxLineLength + 1 - open.length);
		}
	};
	const end = (): void => {
		if (isWanted()) {
			const whole = openLength <= wanted.maxLineLength;
			const line = whole
				? open.replace(/\r$/, "")
				: `${open.slice(0, wanted.maxLineLength)}… [${openLength - wanted.maxLineLength} more characters]`;
			const size = Buffer.byteLength(line) + 1;
			if (lines.length > 0 && bytes + size > wanted.maxBytes) {
				bytes = wanted.maxBytes;
			} else {
				lines.push(line);
				bytes += size;
			}
		}
		number += 1;
		open = "";
		openLength = 0;
		any = false;
	};
	for await (const piece of pieces) {
		let start = 0;
		for (let at = piece.indexOf("\n"); at >= 0; at = piece.indexOf("\n", start)) {
			extend(piece.slice(start, at));
			end();
			start = at + 1;
		}
		if (start < piece.length) {
			extend(piece.slice(start));
		}
		if (!wanted.countAll && (lines.length >= wanted.count || bytes >= wanted.maxBytes)) {
			return { lines, total: null };
		}
	}
	if (any) {
		end();
	}
	return { lines, total: number - 1 };
}
