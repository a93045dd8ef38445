import type { Style } from "./style.ts";

/** Marks the lines of a piece of code; the same number of lines comes back. */
export type Highlight = (code: string, language: string, style: Style) => string[];

interface Node {
	readonly type: string;
	readonly value?: string;
	readonly properties?: { readonly className?: unknown };
	readonly children?: readonly Node[];
}

/** Code without marks, until the highlighter is loaded. */
export const plainHighlight: Highlight = (code) => code.split("\n");

/** Loads the highlighter (the common languages of highlight.js): 60 ms that the first screen need not wait for. */
export async function loadHighlight(): Promise<Highlight> {
	const { common, createLowlight } = await import("lowlight");
	const lowlight = createLowlight(common);
	return (code, language, style) =>
		lowlight.registered(language) ? paint(lowlight.highlight(language, code), style).split("\n") : code.split("\n");
}

function paint(node: Node, style: Style): string {
	if (node.type === "text") {
		return node.value ?? "";
	}
	const inner = (node.children ?? []).map((child) => paint(child, style)).join("");
	const { className } = node.properties ?? {};
	const mark = Array.isArray(className) ? markOf(String(className[0]), style) : undefined;
	return mark === undefined ? inner : inner.split("\n").map(mark).join("\n");
}

function markOf(className: string, style: Style): ((text: string) => string) | undefined {
	switch (className.replace("hljs-", "")) {
		case "comment":
		case "quote":
		case "meta":
			return style.dim;
		case "keyword":
		case "built_in":
		case "selector-tag":
			return style.bold;
		case "string":
		case "regexp":
		case "number":
		case "literal":
		case "attr":
			return style.accent;
		case "addition":
			return style.added;
		case "deletion":
			return style.removed;
		default:
			return undefined;
	}
}
