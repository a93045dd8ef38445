import fc from "fast-check";
import { expect, test } from "vitest";
import { limitOutput } from "./limit-output.ts";

test("a long text keeps start and end, and the note says exactly what is missing", () => {
	const limited = limitOutput(`${"a".repeat(1000)}${"z".repeat(1000)}`, 500, "Ask for less.");
	const left = Number(/(\d+) of 2000 bytes/.exec(limited.text)?.[1]);
	expect(limited.truncated).toBe(true);
	expect((limited.text.match(/a{2,}/)?.[0].length ?? 0) + (limited.text.match(/z{2,}/)?.[0].length ?? 0)).toBe(2000 - left);
	expect(limited.text).toContain("Ask for less.");
});

test("the limit holds for every text, and no character is cut in half", () => {
	fc.assert(
		fc.property(fc.string({ unit: "grapheme", maxLength: 400 }), fc.integer({ min: 120, max: 400 }), (text, maxBytes) => {
			const limited = limitOutput(text, maxBytes, "More.");
			expect(Buffer.byteLength(limited.text)).toBeLessThanOrEqual(maxBytes);
			expect(limited.truncated).toBe(Buffer.byteLength(text) > maxBytes);
			expect(Buffer.from(limited.text).toString()).toBe(limited.text);
			if (!text.includes("\uFFFD")) {
				expect(limited.text).not.toContain("\uFFFD");
			}
		}),
	);
});
