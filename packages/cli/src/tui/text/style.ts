/** Marks text for the terminal with its own 16 colours, so that its theme holds; one accent. */
export interface Style {
	readonly bold: (text: string) => string;
	readonly dim: (text: string) => string;
	readonly italic: (text: string) => string;
	readonly underline: (text: string) => string;
	readonly strike: (text: string) => string;
	readonly inverse: (text: string) => string;
	readonly accent: (text: string) => string;
	readonly added: (text: string) => string;
	readonly removed: (text: string) => string;
	readonly warning: (text: string) => string;
}

type Mark = (text: string) => string;

/** SGR codes of ECMA-48, for each line by itself; a mark that is closed inside is opened again (1 and 2 share their end). */
function mark(open: number, close: number): Mark {
	const begin = `\u001B[${open}m`;
	const end = `\u001B[${close}m`;
	const around = (line: string): string => (line === "" ? "" : begin + line.replaceAll(end, open <= 2 ? end + begin : begin) + end);
	return (text) => text.split("\n").map(around).join("\n");
}

const plain: Mark = (text) => text;

const weights = {
	bold: mark(1, 22),
	dim: mark(2, 22),
	italic: mark(3, 23),
	underline: mark(4, 24),
	strike: mark(9, 29),
	inverse: mark(7, 27),
};

/** Marks with colours, or without them where `NO_COLOR` asks for that: bold, dim and the like stay. */
export function createStyle(colors: boolean): Style {
	return colors
		? { ...weights, accent: mark(32, 39), added: mark(32, 39), removed: mark(31, 39), warning: mark(33, 39) }
		: { ...weights, accent: plain, added: plain, removed: plain, warning: plain };
}
