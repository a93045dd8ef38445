import fc from "fast-check";
import stripAnsi from "strip-ansi";
import { describe, expect, it } from "vitest";
import { loadHighlight, plainHighlight } from "./highlight.ts";
import { drawMarkdown } from "./markdown.ts";
import { plainText } from "./plain-text.ts";
import { growMarkdown, noMarkdown } from "./streaming-markdown.ts";
import { createStyle } from "./style.ts";
import { columnsOf } from "./wrap.ts";

const look = { columns: 40, style: createStyle(true), highlight: plainHighlight };
const drawn = (text: string, columns = 40) => drawMarkdown(text, { ...look, columns }).map((line) => stripAnsi(line));

describe("drawMarkdown", () => {
	it("draws paragraphs, lists and code as people read them", () => {
		expect(drawn("# Title\n\nSome **bold** `code`.\n\n- one\n- two\n  1. deep\n\n```ts\nlet a = 1;\n```")).toEqual([
			"Title",
			"",
			"Some bold code.",
			"",
			"• one",
			"• two",
			"  1. deep",
			"",
			"  let a = 1;",
		]);
	});

	it("draws a table in columns, and as a list where it is too wide", () => {
		const table = "| name | size |\n|---|---|\n| a | 1 |\n| long name | 20 |";
		expect(drawn(table)).toEqual(["name       size", "─────────  ────", "a          1", "long name  20"]);
		expect(drawn(table, 10)).toContain("name: a");
	});

	it("never writes wider than it may, and lets no control character through", () => {
		fc.assert(
			fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 12, max: 60 }), (text, columns) => {
				for (const line of drawMarkdown(`${text}\u001B]0;x\u0007`, { ...look, columns })) {
					expect(columnsOf(line)).toBeLessThanOrEqual(columns);
					expect(stripAnsi(line)).not.toMatch(/\p{Cc}/u);
				}
			}),
		);
	});

	it("marks code of a known language, line for line", async () => {
		const highlight = await loadHighlight();
		const code = "// note\nconst a = 'x';\n/* two\nlines */";
		const lines = highlight(code, "ts", createStyle(true));
		expect(lines.map((line) => stripAnsi(line)).join("\n")).toBe(code);
		expect(lines[0]).toContain("\u001B[2m");
		expect(lines[3]).toContain("\u001B[2m");
	});
});

describe("plainText", () => {
	it("keeps the last state of a line that overwrites itself", () => {
		expect(plainText("10 %\r50 %\r100 %\nok\r\n")).toBe("100 %\nok\n");
	});

	it("removes what could reach the terminal", () => {
		expect(plainText("a\u001B]52;c;eA==\u0007b\u001B[2Jc\u202Ed")).toBe("abcd");
	});
});

describe("growMarkdown", () => {
	const blocks = fc.constantFrom(
		"Para one.\n\n",
		"- a\n- b\n\n",
		"```js\nx\n\ny\n```\n",
		"# H\n",
		"| a | b |\n|---|---|\n| 1 | 2 |\n\n",
		"> q\n",
		"tail",
	);

	it("loses nothing and takes nothing back, however the text arrives", () => {
		fc.assert(
			fc.property(fc.array(blocks, { maxLength: 8 }), fc.array(fc.integer({ min: 1, max: 7 })), (parts, sizes) => {
				const text = parts.join("");
				let grown = noMarkdown;
				let end = 0;
				for (const size of [...sizes, text.length]) {
					end = Math.min(text.length, end + size);
					const next = growMarkdown(grown, text.slice(0, end));
					expect(next.settled.slice(0, grown.settled.length)).toEqual(grown.settled);
					expect(text.slice(0, next.settledLength) + next.rest).toBe(text.slice(0, end));
					grown = next;
				}
			}),
		);
	});

	it("finishes a block when the next one begins", () => {
		const grown = growMarkdown(noMarkdown, "One.\n\n```js\nlet a;\n\nlet b;\n");
		expect(grown.settled).toEqual(["One."]);
		expect(grown.rest).toBe("```js\nlet a;\n\nlet b;\n");
	});
});
