import { lexer, type Token, type Tokens } from "marked";
import type { Highlight } from "./highlight.ts";
import { plainText } from "./plain-text.ts";
import type { Style } from "./style.ts";
import { columnsOf, padText, withMargin, wrapText } from "./wrap.ts";

/** How Markdown is drawn. */
export interface MarkdownLook {
	readonly columns: number;
	readonly style: Style;
	readonly highlight: Highlight;
}

/** Draws Markdown (CommonMark with tables and strikethrough, as GitHub writes it) as lines for a terminal. */
export function drawMarkdown(text: string, look: MarkdownLook): string[] {
	return drawTokens(lexer(plainText(text)), look);
}

function drawTokens(tokens: readonly Token[], look: MarkdownLook): string[] {
	const parts = tokens.filter((token) => token.type !== "space" && token.type !== "def").map((token) => drawBlock(token, look));
	return parts.flatMap((lines, index) => (index === 0 ? lines : ["", ...lines]));
}

function drawBlock(token: Token, look: MarkdownLook): string[] {
	const { style, columns } = look;
	switch (token.type) {
		case "heading":
			return wrapText(style.bold(inline(token.tokens ?? [], style)), columns).map((line, index) =>
				index === 0 && token.depth === 1 ? style.underline(line) : line,
			);
		case "code":
			return drawCode(token as Tokens.Code, look);
		case "blockquote":
			return withMargin(drawTokens(token.tokens ?? [], { ...look, columns: columns - 2 }), style.dim("│ "), style.dim("│ "));
		case "list":
			return drawList(token as Tokens.List, look);
		case "table":
			return drawTable(token as Tokens.Table, look);
		case "hr":
			return [style.dim("─".repeat(Math.min(columns, 24)))];
		case "html":
			return wrapText(token.raw.trimEnd(), columns);
		default:
			return wrapText("tokens" in token && token.tokens !== undefined ? inline(token.tokens, style) : token.raw.trimEnd(), columns);
	}
}

function drawCode(token: Tokens.Code, { columns, style, highlight }: MarkdownLook): string[] {
	const language = token.lang?.trim().split(/\s/)[0] ?? "";
	const lines = highlight(token.text, language, style).flatMap((line) => wrapText(line, columns - 2));
	return lines.map((line) => (line === "" ? "" : `  ${line}`));
}

function drawList(token: Tokens.List, look: MarkdownLook): string[] {
	const start = typeof token.start === "number" ? token.start : 1;
	const digits = String(start + token.items.length - 1).length;
	return token.items.flatMap((item, index) => {
		const bullet = token.ordered ? `${String(start + index).padStart(digits)}. ` : "• ";
		const box = item.task ? (item.checked ? "✓ " : "○ ") : "";
		const margin = bullet + box;
		const parts = item.tokens.filter((part) => part.type !== "space" && part.type !== "checkbox");
		const lines = parts.flatMap((part, place) => {
			const drawn = drawBlock(part, { ...look, columns: look.columns - columnsOf(margin) });
			return place > 0 && part.type !== "list" ? ["", ...drawn] : drawn;
		});
		const drawn = withMargin(lines.length === 0 ? [""] : lines, look.style.dim(margin), " ".repeat(columnsOf(margin)));
		return token.loose && index > 0 ? ["", ...drawn] : drawn;
	});
}

/** A table in columns as wide as their content; where they do not fit, each row as a list of its cells. */
function drawTable(token: Tokens.Table, { columns, style }: MarkdownLook): string[] {
	const header = token.header.map((cell) => inline(cell.tokens, style));
	const rows = token.rows.map((row) => row.map((cell) => inline(cell.tokens, style)));
	const widths = header.map((cell, place) => Math.max(...[cell, ...rows.map((row) => row[place] ?? "")].map(columnsOf)));
	if (widths.reduce((sum, width) => sum + width + 2, -2) > columns) {
		return rows.flatMap((row, index) => [
			...(index === 0 ? [] : [""]),
			...row.flatMap((cell, place) => wrapText(`${style.dim(`${header[place]}:`)} ${cell}`, columns)),
		]);
	}
	const line = (cells: readonly string[]) =>
		cells
			.map((cell, place) => padText(cell, widths[place] ?? 0))
			.join("  ")
			.trimEnd();
	return [style.bold(line(header)), style.dim(widths.map((width) => "─".repeat(width)).join("  ")), ...rows.map(line)];
}

function inline(tokens: readonly Token[], style: Style): string {
	return tokens.map((token) => inlineToken(token, style)).join("");
}

function inlineToken(token: Token, style: Style): string {
	const inner = () =>
		"tokens" in token && token.tokens !== undefined ? inline(token.tokens, style) : "text" in token ? String(token.text) : token.raw;
	switch (token.type) {
		case "strong":
			return style.bold(inner());
		case "em":
			return style.italic(inner());
		case "del":
			return style.strike(inner());
		case "codespan":
			return style.accent(inner());
		case "br":
			return "\n";
		case "link":
			return token.href === token.text || token.href === `mailto:${token.text}`
				? style.underline(inner())
				: `${inner()} ${style.dim(`(${token.href})`)}`;
		case "image":
			return style.dim(`[picture: ${token.text || token.href}]`);
		default:
			return inner();
	}
}
