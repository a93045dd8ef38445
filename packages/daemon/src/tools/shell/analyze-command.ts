import type { Node } from "web-tree-sitter";
import { loadBashParser } from "./load-bash-parser.ts";
import { joinWords, readWord, type Word } from "./read-word.ts";
import { unwrapCommand } from "./unwrap-command.ts";

/** A word that may be a path. */
export interface CommandPath extends Word {
	/** Of a redirection: whether it is read or written. */
	readonly redirect: "read" | "write" | null;
}

/** What a line of shell does, as far as it can be told before it runs. */
export interface CommandAnalysis {
	/** Every simple command that it runs, quotes taken away, without repeats: `npm test`. Assignments stand as they are: `PATH=/x`. */
	readonly commands: readonly string[];
	/** Words that may be paths: targets of redirections and arguments. */
	readonly paths: readonly CommandPath[];
	/** True where it changes its folder, so that relative paths do not mean what they seem. */
	readonly changesFolder: boolean;
	/** False where something could not be told: a name made by a variable, a function, a syntax error. */
	readonly clear: boolean;
}

/** How deep scripts in scripts are followed. */
const maxDepth = 5;

/** Names that mean something else than a program of that name, or make later names mean something else. */
const redefining = new Set(["alias", "unalias", "enable", "hash", "source", ".", "shopt"]);

/** Tests as shells know them: `[]` is a command of that name. */
const isTest = /^(\[\s.*\s\]|\[\[\s.*\s\]\]|\(\(.*\)\))$/s;

/** Node types whose text holds anything, whole. */
const closed = new Set(["string", "raw_string", "ansi_c_string", "heredoc_body", "comment", "translated_string"]);

class Collector {
	readonly commands = new Set<string>();
	readonly paths: CommandPath[] = [];
	changesFolder = false;
	clear = true;

	addCommand(words: readonly Word[], depth: number): readonly string[] {
		const [name] = words;
		if (name === undefined || !name.fixed || name.text === "" || redefining.has(name.text)) {
			this.clear = false;
		}
		if (name !== undefined && /^(cd|pushd|popd)$/.test(name.text)) {
			this.changesFolder = true;
		}
		const { itself, commands, scripts, clear } = unwrapCommand(words);
		this.clear &&= clear;
		if (itself || !clear) {
			this.commands.add(joinWords(words));
			const base = name?.text.split("/").at(-1);
			if (name !== undefined && base !== undefined && base !== name.text) {
				this.commands.add(joinWords([{ text: base, fixed: true }, ...words.slice(1)]));
			}
		}
		const inner = commands.flatMap((command) => (depth < maxDepth ? this.addCommand(command, depth + 1) : this.giveUp()));
		return [...scripts, ...inner];
	}

	private giveUp(): readonly string[] {
		this.clear = false;
		return [];
	}
}

/** What may stand between words. Lines that are joined need a blank as well, else a shell takes the two sides for one word, and no other line break. */
const emptySpace = /^([ \t\n]*|(?=.*[ \t])[ \t]*(\\\n[ \t]*)+)$/s;

/** Node types whose parts make one word. */
const oneWord = new Set(["concatenation", "variable_assignment", "simple_expansion"]);

/** Empty space in the middle of a word: the grammar has joined what a shell takes apart. */
const brokenWord = /\S[ \t\n]|[ \t\n]\S/;

/** True where everything between the parts of the tree is empty space, and no part holds any: nothing was overlooked by the grammar. */
function isCovered(root: Node, source: string): boolean {
	let position = 0;
	let covered = true;
	// Inside one word parts touch each other: `from` is where that word begins.
	const skip = (to: number, from: number | null) => {
		const gap = source.slice(position, to);
		covered &&= from !== null && position > from ? gap === "" : emptySpace.test(gap);
	};
	const look = (node: Node, from: number | null) => {
		if (node.childCount === 0 || closed.has(node.type)) {
			if (node.endIndex > position) {
				skip(node.startIndex, from);
				position = node.endIndex;
				const holdsAnything = closed.has(node.type) || node.type === "heredoc_content";
				covered &&= holdsAnything || !brokenWord.test(node.text.replaceAll(/\\./gs, "x"));
			}
			return;
		}
		const within = oneWord.has(node.type) ? (from ?? node.startIndex) : null;
		for (const child of node.children) {
			look(child, within);
		}
	};
	look(root, null);
	skip(source.length, null);
	return covered;
}

/** The words of a simple command, and what it sets for itself only (`A=1 npm test`). */
function visitCommand(node: Node, found: Collector, depth: number): readonly string[] {
	const wordNodes = node.children.filter((_, index) => /^(name|argument)$/.test(node.fieldNameForChild(index) ?? ""));
	// A shell takes words that touch each other for one; of `'$'\a` the grammar makes two.
	found.clear &&= wordNodes.every((word, index) => wordNodes[index - 1]?.endIndex !== word.startIndex);
	const words = wordNodes.map(readWord);
	const assignments = node.namedChildren.filter((child) => child?.type === "variable_assignment");
	if (assignments.length > 0) {
		found.commands.add([...assignments.map((child) => child?.text ?? ""), joinWords(words)].join(" "));
	}
	found.paths.push(...words.slice(1).map((word) => ({ ...word, redirect: null })));
	return found.addCommand(words, depth);
}

function visitRedirect(node: Node, found: Collector): void {
	const destination = node.childForFieldName("destination");
	if (destination === null) {
		found.clear = false;
		return;
	}
	const writes = node.children.some((child) => child?.isNamed === false && child.type.includes(">"));
	found.paths.push({ ...readWord(destination), redirect: writes ? "write" : "read" });
}

/** True for what sets variables for later commands, which may change what those mean: it is asked for as it stands. */
function setsVariables(node: Node): boolean {
	const inOther = node.parent?.type === "command" || node.parent?.type === "declaration_command";
	return /^(declaration|unset)_command$/.test(node.type) || (node.type === "variable_assignment" && !inOther);
}

/** True for what the grammar takes for something that a shell does not. */
function isMisread(node: Node): boolean {
	switch (node.type) {
		case "test_command":
			return !isTest.test(node.text);
		case "negated_command":
			return !/^!\s/.test(node.text);
		default:
			return node.isMissing;
	}
}

/** Collects what a part of the tree runs; the scripts that it hands to shells are added to `scripts`. */
function visit(node: Node, found: Collector, scripts: string[], depth: number): void {
	if (node.type === "function_definition" || isMisread(node)) {
		found.clear = false;
	}
	if (node.type === "command") {
		scripts.push(...visitCommand(node, found, depth));
	} else if (node.type === "file_redirect") {
		visitRedirect(node, found);
	} else if (setsVariables(node)) {
		found.commands.add(node.text);
	}
	for (const child of node.children) {
		visit(child, found, scripts, depth);
	}
}

/**
 * Splits a line of shell into the simple commands that it runs: each of `a && b | c`, those in `$(…)`, behind wrappers
 * (`sudo`, `timeout`, `env`, `xargs`, `find -exec`) and in `sh -c`. Whoever asks for permission asks for each.
 */
export async function analyzeCommand(source: string): Promise<CommandAnalysis> {
	const parser = await loadBashParser();
	const found = new Collector();
	const waiting = [{ text: source, depth: 0 }];
	for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
		// Characters that shells and this parser may take for different things.
		const odd = /[^\t\n\x20-\x7e\u00a1-\u1fff\u2c00-\ud7ff\ud800-\udfff\uf900-\ufdff]/.test(one.text);
		const tree = parser.parse(one.text);
		if (tree === null || odd || one.depth > maxDepth) {
			found.clear = false;
			continue;
		}
		try {
			const scripts: string[] = [];
			found.clear &&= !tree.rootNode.hasError && isCovered(tree.rootNode, one.text);
			visit(tree.rootNode, found, scripts, one.depth);
			waiting.push(...scripts.map((text) => ({ text, depth: (one?.depth ?? 0) + 1 })));
		} finally {
			tree.delete();
		}
	}
	return { commands: [...found.commands], paths: found.paths, changesFolder: found.changesFolder, clear: found.clear };
}
