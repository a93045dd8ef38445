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

/** Empty space in the middle of a word: the grammar has joined what a shell takes apart. */
const brokenWord = /\S[ \t\n]|[ \t\n]\S/;

/** True where everything between the parts of the tree is empty space, and no part holds any: nothing was overlooked by the grammar. */
function isCovered(root: Node, source: string): boolean {
	let position = 0;
	let covered = true;
	const skip = (to: number) => {
		covered &&= /^([ \t\n]|\\\n)*$/.test(source.slice(position, to));
	};
	const visit = (node: Node) => {
		if (node.childCount === 0 || closed.has(node.type)) {
			if (node.endIndex > position) {
				skip(node.startIndex);
				position = node.endIndex;
				covered &&= closed.has(node.type) || node.type === "heredoc_content" || !brokenWord.test(node.text.replaceAll(/\\./gs, "x"));
			}
			return;
		}
		for (const child of node.children) {
			visit(child);
		}
	};
	visit(root);
	skip(source.length);
	return covered;
}

function visit(node: Node, found: Collector, scripts: string[], depth: number): void {
	if (node.isMissing || node.type === "function_definition") {
		found.clear = false;
	}
	if (node.type === "command") {
		const words = node.children.filter((_, index) => /^(name|argument)$/.test(node.fieldNameForChild(index) ?? "")).map(readWord);
		scripts.push(...found.addCommand(words, depth));
		found.paths.push(...words.slice(1).map((word) => ({ ...word, redirect: null })));
		if (node.namedChildren.some((child) => child?.type === "variable_assignment")) {
			found.commands.add(
				joinWords([
					...node.namedChildren
						.filter((child) => child?.type === "variable_assignment")
						.map((child) => ({ text: child?.text ?? "", fixed: false })),
					...words,
				]),
			);
		}
	} else if (
		/^(test|declaration|unset)_command$/.test(node.type) ||
		(node.type === "variable_assignment" && node.parent?.type !== "command" && node.parent?.type !== "declaration_command")
	) {
		// `[ -f x ]` reads at most; what sets a variable may change what later commands mean, so it is asked for as it stands.
		if (node.type !== "test_command") {
			found.commands.add(node.text);
		}
	} else if (node.type === "file_redirect") {
		const destination = node.childForFieldName("destination");
		if (destination === null) {
			found.clear = false;
		} else {
			const writes = node.children.some((child) => child?.isNamed === false && child.type.includes(">"));
			found.paths.push({ ...readWord(destination), redirect: writes ? "write" : "read" });
		}
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
