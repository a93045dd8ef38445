import fc from "fast-check";
import { expect, test } from "vitest";
import { settleLines, TerminalCodeStripper } from "./strip-terminal-codes.ts";

function strip(...pieces: string[]): string {
	const stripper = new TerminalCodeStripper();
	return pieces.map((piece) => stripper.push(piece)).join("") + stripper.end();
}

test.each([
	["colours", "\u001b[1;31mred\u001b[0m", "red"],
	["a title", "\u001b]0;title\u0007text", "text"],
	["a link", "\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\", "link"],
	["a character set", "\u001b(Btext", "text"],
	["eight-bit codes", "\u009b31mred", "red"],
	["a bell and a backspace", "a\u0007b\u0008c", "abc"],
	["ends of lines of a terminal", "a\r\nb\r\n", "a\nb\n"],
])("%s are taken out", (_, text, plain) => {
	expect(strip(text)).toBe(plain);
});

test("a command string that never ends does not swallow what comes on later lines", () => {
	expect(strip("\u001b]0;oops\nnext")).toBe("next");
});

test("of a progress bar the last state stays", () => {
	expect(settleLines(strip("10%\r50%\r100%\r\ndone"))).toBe("100%\ndone");
});

test("how the text is cut into pieces makes no difference, and no code is left", () => {
	const text = fc.string({ unit: fc.constantFrom("\u001b", "[", "]", "3", ";", "m", "\u0007", "\\", "\r", "\n", "a", "é", "\u009b") });
	fc.assert(
		fc.property(text, fc.nat(), (whole, cut) => {
			const at = cut % (whole.length + 1);
			expect(strip(whole.slice(0, at), whole.slice(at))).toBe(strip(whole));
			expect([..."\u001b\u009b\u0007"].filter((code) => strip(whole).includes(code))).toEqual([]);
		}),
	);
});
