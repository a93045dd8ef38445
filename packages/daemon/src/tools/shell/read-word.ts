import type { Node } from "web-tree-sitter";

/** A word of a command. */
export interface Word {
	/** As the program gets it, quotes taken away; the source where it is not fixed. */
	readonly text: string;
	/** True where it is known before the command runs: no variable, substitution or pattern in it. */
	readonly fixed: boolean;
}

const ansiEscapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", "\\": "\\", "'": "'", '"': '"' };

function readAnsiString(source: string): Word {
	let fixed = true;
	const text = source.slice(2, -1).replaceAll(/\\(.)/gs, (_, escaped: string) => {
		fixed &&= escaped in ansiEscapes;
		return ansiEscapes[escaped] ?? escaped;
	});
	return { text: fixed ? text : source, fixed };
}

function readBare(source: string): Word {
	const text = source.replaceAll("\\\n", "").replaceAll(/\\(.)/gs, "$1");
	const plain = source.replaceAll(/\\./gs, "");
	return { text, fixed: !/[*?[\]{}~!]/.test(plain) };
}

function readQuoted(node: Node): Word {
	const fixed = node.namedChildren.every((child) => child?.type === "string_content");
	const text = node.text.slice(1, -1).replaceAll("\\\n", "");
	return { text: fixed ? text.replaceAll(/\\(["\\$`])/g, "$1") : text, fixed };
}

function readConcatenation(node: Node): Word {
	const parts = node.children.filter((child) => child !== null);
	const covered = parts.reduce((length, part) => length + part.text.length, 0) === node.text.length;
	const words = parts.map(readWord);
	if (!covered || words.some((word) => !word.fixed)) {
		return { text: node.text, fixed: false };
	}
	return { text: words.map((word) => word.text).join(""), fixed: true };
}

/** Reads an argument or a name of a command, as bash(1) removes quotes. */
export function readWord(node: Node): Word {
	switch (node.type) {
		case "command_name":
			return node.firstChild === null ? { text: node.text, fixed: false } : readWord(node.firstChild);
		case "word":
		case "number":
		case "variable_name":
			return readBare(node.text);
		case "raw_string":
			return { text: node.text.slice(1, -1), fixed: true };
		case "ansi_c_string":
			return readAnsiString(node.text);
		case "string":
			return readQuoted(node);
		case "concatenation":
			return readConcatenation(node);
		default:
			return { text: node.text, fixed: false };
	}
}

/** Words as one line, so that different words never look the same: quoted where they are empty or hold spaces or quotes. */
export function joinWords(words: readonly Word[]): string {
	return words
		.map(({ text, fixed }) => (fixed && (text === "" || /[\s'"]/.test(text)) ? `'${text.replaceAll("'", `'\\''`)}'` : text))
		.join(" ");
}
