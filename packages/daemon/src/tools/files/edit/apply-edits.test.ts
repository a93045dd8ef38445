import fc from "fast-check";
import { expect, test } from "vitest";
import { applyEdits, type TextEdit } from "./apply-edits.ts";

const edit = (oldText: string, newText: string, everywhere = false): TextEdit => ({ oldText, newText, everywhere });

function applied(text: string, ...edits: TextEdit[]): string {
	const result = applyEdits(text, edits);
	expect(result.ok, result.ok ? "" : result.message).toBe(true);
	return result.ok ? result.text : "";
}

function refused(text: string, ...edits: TextEdit[]): string {
	const result = applyEdits(text, edits);
	expect(result.ok).toBe(false);
	return result.ok ? "" : result.message;
}

test("a unique text is replaced, and only it", () => {
	expect(applied("a\nb\nc", edit("b", "B"))).toBe("a\nB\nc");
	expect(applied("x x", edit("x", "y", true))).toBe("y y");
	expect(applied("price: $1", edit("$1", "$& and $$"))).toBe("price: $& and $$");
});

test("lines that end in CRLF are matched by LF and stay CRLF; other lines are not touched", () => {
	expect(applied("one\r\ntwo\r\nthree\r\n", edit("one\ntwo", "1\n2"))).toBe("1\r\n2\r\nthree\r\n");
	expect(applied("one\r\ntwo\r\nmixed\nend", edit("two", "2"))).toBe("one\r\n2\r\nmixed\nend");
	expect(applied("a\r\nb\r\n", edit("b\r\n", "c\r\n"))).toBe("a\r\nc\r\n");
});

test("a text that is there several times is refused with its lines", () => {
	expect(refused("x\ny\nx\n", edit("x", "z"))).toMatch(/2 times \(from lines 1, 3\).*replace_all/s);
});

test("a text that is not there is answered with what looks like it", () => {
	const message = refused("function add(a, b) {\n\treturn a + b;\n}\n", edit("function add(a, b) {\n    return a+b;\n}", "x"));
	expect(message).toContain("Lines 1–3");
	expect(message).toContain("\treturn a + b;");
	expect(refused("nothing alike", edit("zzzz qqqq", "x"))).toContain("nothing in it looks like it");
});

test("several edits are all or nothing and see each other's result", () => {
	expect(applied("a b", edit("a", "c"), edit("c b", "done"))).toBe("done");
	expect(refused("a b", edit("a", "c"), edit("missing", "x"))).toMatch(/Edit 2 of 2.*No edit was applied/s);
});

test("empty and idle edits are refused", () => {
	expect(refused("a", edit("", "b"))).toContain("write_file");
	expect(refused("a", edit("a", "a"))).toContain("nothing to change");
});

test("replacing a unique part changes that part and nothing else, for every text and line end", () => {
	const piece = fc.string({ unit: fc.constantFrom("a", "b", "\n", "\r\n", " "), maxLength: 20 });
	fc.assert(
		fc.property(piece, piece, piece, (before, after, newText) => {
			const original = `${before}<<here>>${after}`;
			const result = applied(original, edit("<<here>>", `[${newText}]`));
			expect(result.startsWith(`${before}[`)).toBe(true);
			expect(result.endsWith(`]${after}`)).toBe(true);
			expect(result.slice(before.length + 1, result.length - after.length - 1).replaceAll("\r\n", "\n")).toBe(
				newText.replaceAll("\r\n", "\n"),
			);
		}),
	);
});

test("a part copied from the file with LF instead of CRLF is found where it is", () => {
	const text = fc.string({ unit: fc.constantFrom("a", "b", "c", "\r\n", "\n"), minLength: 1, maxLength: 30 });
	fc.assert(
		fc.property(text, fc.nat(), fc.nat(), (original, from, length) => {
			const plain = original.replaceAll("\r\n", "\n");
			const start = from % plain.length;
			const part = plain.slice(start, start + 1 + (length % 8));
			const result = applyEdits(original, [edit(part, "<X>", true)]);
			expect(result.ok && result.text.replaceAll("\r\n", "\n")).toBe(plain.replaceAll(part, "<X>"));
		}),
	);
});
