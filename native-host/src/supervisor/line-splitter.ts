import { StringDecoder } from "node:string_decoder";

/** Longest line that is kept whole; a longer one is cut into several, so that memory stays bounded. */
const maxLineChars = 65_536;

/** Turns a stream of bytes into lines. */
export interface LineSplitter {
	readonly push: (chunk: Buffer) => void;
	/** Hands out what came after the last line break. */
	readonly end: () => void;
}

/** Makes a splitter that calls `onLine` with every line that is not empty, without its line break. */
export function createLineSplitter(onLine: (line: string) => void): LineSplitter {
	const decoder = new StringDecoder("utf8");
	let rest = "";
	const emit = (line: string): void => {
		if (line.trim() !== "") {
			onLine(line);
		}
	};
	const take = (text: string): void => {
		const lines = (rest + text).split(/\r?\n/);
		rest = lines.pop() ?? "";
		for (const line of lines) {
			emit(line);
		}
		while (rest.length > maxLineChars) {
			emit(rest.slice(0, maxLineChars));
			rest = rest.slice(maxLineChars);
		}
	};
	return {
		push: (chunk) => take(decoder.write(chunk)),
		end: () => {
			take(decoder.end());
			emit(rest);
			rest = "";
		},
	};
}
