import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type {
	Diagnostic,
	DocumentSymbol,
	Hover,
	Location,
	LocationLink,
	SymbolInformation,
	WorkspaceSymbol,
} from "vscode-languageserver-protocol/node";
import { shownPath } from "../files/workspace-path.ts";

const severities = ["error", "error", "warning", "information", "hint"];
/** Names of `SymbolKind` (LSP 3.18) by number. */
const symbolKinds =
	"symbol file module namespace package class method property field constructor enum interface function variable constant string number boolean array object key null member struct event operator type-parameter".split(
		" ",
	);
const maxExcerpt = 160;

function shownUri(uri: string, workspace: string): string {
	return uri.startsWith("file:") ? shownPath(workspace, fileURLToPath(uri)) : uri;
}

/** One line for each thing that is wrong: `12:5 error TS2322: …`. */
export function showDiagnostics(diagnostics: readonly Diagnostic[]): string {
	return diagnostics
		.toSorted((a, b) => a.range.start.line - b.range.start.line)
		.map(({ range, severity, code, source, message }) => {
			const origin = [source, code].filter((part) => part !== undefined && part !== "").join(" ");
			const text = typeof message === "string" ? message : message.value;
			return `${range.start.line + 1}:${range.start.character + 1} ${severities[severity ?? 0] ?? "error"}${origin === "" ? "" : ` ${origin}`}: ${text}`;
		})
		.join("\n");
}

/** One line for each place: `src/a.ts:12:5  the line`. */
export async function showLocations(answer: Location | readonly (Location | LocationLink)[] | null, workspace: string): Promise<string> {
	const list = answer === null ? [] : Array.isArray(answer) ? answer : [answer];
	const places = (list as readonly (Location | LocationLink)[]).map((one) =>
		"targetUri" in one ? { uri: one.targetUri, start: one.targetSelectionRange.start } : { uri: one.uri, start: one.range.start },
	);
	const texts = new Map<string, readonly string[]>();
	for (const { uri } of places) {
		if (!texts.has(uri)) {
			// A place whose file cannot be read is shown without its line.
			const text = uri.startsWith("file:") ? await readFile(fileURLToPath(uri), "utf8").catch(() => "") : "";
			texts.set(uri, text.split(/\r\n|\n|\r/));
		}
	}
	return places
		.map(({ uri, start }) => {
			const line = texts.get(uri)?.[start.line]?.trim().slice(0, maxExcerpt) ?? "";
			return `${shownUri(uri, workspace)}:${start.line + 1}:${start.character + 1}  ${line}`.trimEnd();
		})
		.join("\n");
}

function showTree(symbols: readonly DocumentSymbol[], depth: number): string[] {
	return symbols.flatMap((symbol) => [
		`${"  ".repeat(depth)}${symbol.selectionRange.start.line + 1}: ${symbolKinds[symbol.kind] ?? "symbol"} ${symbol.name}`,
		...showTree(symbol.children ?? [], depth + 1),
	]);
}

/** Symbols of a file as a tree, or of the workspace with their places. */
export function showSymbols(answer: readonly (DocumentSymbol | SymbolInformation | WorkspaceSymbol)[] | null, workspace: string): string {
	const symbols = answer ?? [];
	const tree = symbols.filter((symbol) => "selectionRange" in symbol);
	const flat = symbols.filter((symbol) => "location" in symbol);
	const lines = flat.map(({ name, kind, location, containerName }) => {
		const line = "range" in location ? `:${location.range.start.line + 1}` : "";
		return `${shownUri(location.uri, workspace)}${line}  ${symbolKinds[kind] ?? "symbol"} ${containerName ? `${containerName}.` : ""}${name}`;
	});
	return [...showTree(tree, 0), ...lines].join("\n");
}

/** What a server says about a name, as text. */
export function showHover(hover: Hover | null): string {
	const contents = hover === null ? [] : Array.isArray(hover.contents) ? hover.contents : [hover.contents];
	return contents
		.map((part) => (typeof part === "string" ? part : part.value))
		.join("\n\n")
		.trim();
}
