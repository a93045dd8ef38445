import { findNodeAtLocation, getNodeValue, type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";

/** A tree of settings as written. */
export type ConfigTree = Readonly<Record<string, unknown>>;

/** One file of configuration, parsed: its settings, and where in it each stands. */
export interface ConfigText {
	/** Path, for messages. */
	readonly file: string;
	readonly tree: ConfigTree;
	/** Line of a setting, from 1; that of its nearest parent where it is not there itself. */
	readonly lineOf: (path: readonly PropertyKey[]) => number;
}

/** The settings of a file, or what is wrong with it and on which line. */
export type ParsedConfigText = { readonly ok: true; readonly text: ConfigText } | { readonly ok: false; readonly message: string };

function lineAt(text: string, offset: number): number {
	return text.slice(0, offset).split("\n").length;
}

/** Parses configuration: JSON in which comments and trailing commas are allowed. A text of nothing but space is empty settings. */
export function parseConfigText(file: string, text: string): ParsedConfigText {
	const errors: ParseError[] = [];
	const root: Node | undefined = parseTree(text, errors, { allowTrailingComma: true, allowEmptyContent: true });
	const [first] = errors;
	if (first !== undefined) {
		const problem = printParseErrorCode(first.error)
			.replace(/([a-z])([A-Z])/g, "$1 $2")
			.toLowerCase();
		return { ok: false, message: `${file}:${lineAt(text, first.offset)}: this is no valid JSON (${problem}). Correct that line.` };
	}
	if (root !== undefined && root.type !== "object") {
		return { ok: false, message: `${file}:1: the configuration must be an object in braces: { … }.` };
	}
	const lineOf = (path: readonly PropertyKey[]): number => {
		for (let length = path.length; length > 0; length--) {
			const steps = path.slice(0, length).map((step) => (typeof step === "number" ? step : String(step)));
			const node = root === undefined ? undefined : findNodeAtLocation(root, steps);
			if (node !== undefined) {
				// A member begins with its name; an entry of a list has none.
				return lineAt(text, node.parent?.type === "property" ? node.parent.offset : node.offset);
			}
		}
		return 1;
	};
	return { ok: true, text: { file, tree: root === undefined ? {} : (getNodeValue(root) as ConfigTree), lineOf } };
}
