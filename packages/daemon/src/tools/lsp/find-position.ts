import { z } from "zod";

/** Where in a file something stands: by its name in a line, or by line and column. */
export const positionFields = {
	path: z.string().min(1).max(4096).describe("The file, relative to the workspace."),
	line: z.int().min(1).describe("Line, counted from 1."),
	symbol: z.string().min(1).max(500).optional().describe("The name as it stands in that line; the surest way."),
	column: z.int().min(1).optional().describe("Column, counted from 1, where symbol does not suffice."),
};

/** A position as tools are given it. */
export interface GivenPosition {
	readonly line: number;
	readonly symbol?: string | undefined;
	readonly column?: number | undefined;
}

/** A position as the protocol has it: counted from 0, in UTF-16 units. */
export interface Position {
	readonly line: number;
	readonly character: number;
}

function isWordPart(character: string | undefined): boolean {
	return character !== undefined && /[\p{L}\p{N}_$]/u.test(character);
}

/** The place of a name in a line, as a whole word where it stands so; -1 where it does not. */
function indexOfName(line: string, name: string): number {
	for (let index = line.indexOf(name); index >= 0; index = line.indexOf(name, index + 1)) {
		if (!isWordPart(line[index - 1]) && !isWordPart(line[index + name.length])) {
			return index;
		}
	}
	return line.indexOf(name);
}

/** The position that is meant. Throws with a message for the model where there is none such. */
export function findPosition(text: string, { line, symbol, column }: GivenPosition): Position {
	const lines = text.split(/\r\n|\n|\r/);
	const words = lines[line - 1];
	if (words === undefined) {
		throw new Error(`The file has ${lines.length} lines; line ${line} is not there.`);
	}
	if (symbol !== undefined) {
		const character = indexOfName(words, symbol);
		if (character < 0) {
			throw new Error(`${JSON.stringify(symbol)} does not stand in line ${line}, which is: ${words.trim().slice(0, 200)}`);
		}
		return { line: line - 1, character };
	}
	const first = words.search(/\S/);
	return { line: line - 1, character: Math.min(column === undefined ? Math.max(0, first) : column - 1, words.length) };
}
