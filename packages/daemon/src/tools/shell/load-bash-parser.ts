import { createRequire } from "node:module";
import type { Parser } from "web-tree-sitter";

const require = createRequire(import.meta.url);
let loading: Promise<Parser> | null = null;

async function load(): Promise<Parser> {
	const { Language, Parser } = await import("web-tree-sitter");
	await Parser.init();
	const parser = new Parser();
	parser.setLanguage(await Language.load(require.resolve("tree-sitter-bash/tree-sitter-bash.wasm")));
	return parser;
}

/** The parser of shell commands; loaded (14 MB) when the first command is to be run. */
export function loadBashParser(): Promise<Parser> {
	loading ??= load();
	return loading;
}
