import fc from "fast-check";
import { expect, it } from "vitest";
import { formatCursor, parseCursor } from "./event-cursor.ts";

it("reads what it writes", () => {
	fc.assert(
		fc.property(fc.uuid(), fc.nat(), (epoch, seq) => {
			expect(parseCursor(formatCursor(epoch, seq))).toEqual({ epoch, seq });
		}),
	);
});

it("takes nothing but cursors", () => {
	expect(parseCursor("0")).toBe("start");
	for (const text of [
		"",
		"1",
		"a",
		"a:",
		":1",
		"a:-1",
		"a:1.5",
		"a:0x1",
		"a:1e3",
		" a:1",
		"a:1 ",
		"a b:1",
		"a:1:2",
		`${"a".repeat(65)}:1`,
	]) {
		expect(parseCursor(text), text).toBe("malformed");
	}
	fc.assert(fc.property(fc.string(), (text) => parseCursor(text) !== undefined));
});
