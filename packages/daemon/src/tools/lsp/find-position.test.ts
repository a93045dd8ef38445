import { expect, test } from "vitest";
import { findPosition } from "./find-position.ts";

const text = "const names = 1;\n\tconst name = names; // 😀 name\n";

test("a name is found as a whole word first", () => {
	expect(findPosition(text, { line: 2, symbol: "name" })).toEqual({ line: 1, character: 7 });
	expect(findPosition(text, { line: 2, symbol: "names" })).toEqual({ line: 1, character: 14 });
});

test("without a name it is the column, or the first that is not empty", () => {
	expect(findPosition(text, { line: 2, column: 8 })).toEqual({ line: 1, character: 7 });
	expect(findPosition(text, { line: 2 })).toEqual({ line: 1, character: 1 });
	expect(findPosition(text, { line: 2, column: 900 }).character).toBe(31);
});

test("what is not there is told with what is", () => {
	expect(() => findPosition(text, { line: 1, symbol: "nothing" })).toThrow("const names = 1;");
	expect(() => findPosition(text, { line: 9, symbol: "x" })).toThrow("3 lines");
});
