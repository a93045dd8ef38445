import fc from "fast-check";
import { expect, test } from "vitest";
import { applyTextEdits } from "./apply-text-edits.ts";

const edit = (line: number, from: number, to: number, newText: string) => ({
	range: { start: { line, character: from }, end: { line, character: to } },
	newText,
});

test("edits are all about the text as it was, whatever their order", () => {
	expect(applyTextEdits("one two\nthree\n", [edit(1, 0, 5, "3"), edit(0, 4, 7, "2"), edit(0, 0, 3, "1")])).toBe("1 2\n3\n");
});

test("insertions at the same place keep their order", () => {
	expect(applyTextEdits("x", [edit(0, 0, 0, "a"), edit(0, 0, 0, "b")])).toBe("abx");
});

test("edits that overlap or point to nowhere are refused", () => {
	expect(() => applyTextEdits("abcdef", [edit(0, 0, 3, ""), edit(0, 2, 4, "")])).toThrow("overlap");
	expect(() => applyTextEdits("abc", [edit(5, 0, 0, "")])).toThrow("line 6");
});

test("ends of lines of Windows and letters of two units are counted as the protocol does", () => {
	expect(applyTextEdits("a\r\n😀b\r\n", [edit(1, 2, 3, "c")])).toBe("a\r\n😀c\r\n");
});

test("replacing words one by one gives what replacing them in the text gives", () => {
	fc.assert(
		fc.property(fc.array(fc.constantFrom("name", "other", "\n", " ", "é", "😀")), (parts) => {
			const text = parts.join("");
			const edits = text
				.split("\n")
				.flatMap((line, index) => [...line.matchAll(/name/g)].map((match) => edit(index, match.index, match.index + 4, "new")));
			expect(applyTextEdits(text, edits)).toBe(text.replaceAll("name", "new"));
		}),
	);
});
