/** A text with `\n` line ends, and the way back to the text as it is. */
export interface PlainLines {
	readonly text: string;
	/** The offset in the original of an offset in `text`. */
	readonly originalOffset: (offset: number) => number;
}

/** Sees `\r\n` as `\n`, so that a model need not know how a file ends its lines. */
export function plainLines(original: string): PlainLines {
	if (!original.includes("\r\n")) {
		return { text: original, originalOffset: (offset) => offset };
	}
	/** Where in `text` the line ends are that were two characters. */
	const shortened: number[] = [];
	for (let at = original.indexOf("\r\n"); at >= 0; at = original.indexOf("\r\n", at + 2)) {
		shortened.push(at - shortened.length);
	}
	return {
		text: original.replaceAll("\r\n", "\n"),
		originalOffset: (offset) => {
			let low = 0;
			let high = shortened.length;
			while (low < high) {
				const middle = (low + high) >> 1;
				if ((shortened[middle] ?? 0) < offset) {
					low = middle + 1;
				} else {
					high = middle;
				}
			}
			return offset + low;
		},
	};
}

/** The line end that most lines of a text have; `\n` where there is none. */
export function lineEndOf(text: string): "\n" | "\r\n" {
	const both = text.split("\r\n").length - 1;
	const all = text.split("\n").length - 1;
	return both * 2 > all ? "\r\n" : "\n";
}

/** A text with the line ends of another. */
export function withLineEnd(text: string, lineEnd: "\n" | "\r\n"): string {
	const plain = text.replaceAll("\r\n", "\n");
	return lineEnd === "\n" ? plain : plain.replaceAll("\n", "\r\n");
}
