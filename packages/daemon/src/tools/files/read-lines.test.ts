import fc from "fast-check";
import { expect, test } from "vitest";
import { readLines } from "./read-lines.ts";

const all = { from: 1, count: 1000, maxBytes: 1_000_000, maxLineLength: 1000, countAll: true };

test("lines are the same however the text is cut into pieces", async () => {
	const text = fc.string({ unit: fc.constantFrom("a", "b", "\n", "\r\n"), maxLength: 40 });
	await fc.assert(
		fc.asyncProperty(text, fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 9 }), async (whole, size, from) => {
			const pieces = whole.match(new RegExp(`[^]{1,${size}}`, "g")) ?? [];
			const lines = whole.split(/\r?\n/);
			if (lines.at(-1) === "") {
				lines.pop();
			}
			expect(await readLines(pieces, { ...all, from, count: 3 })).toEqual({ lines: lines.slice(from - 1, from + 2), total: lines.length });
		}),
	);
});

test("a line without end is cut and says how much is missing", async () => {
	const { lines } = await readLines(["x".repeat(600), "x".repeat(600)], { ...all, maxLineLength: 100 });
	expect(lines).toEqual([`${"x".repeat(100)}… [1100 more characters]`]);
});

test("the limit of bytes ends at a line, and reading stops early where nobody counts", async () => {
	const text = Array.from({ length: 100 }, (_, index) => `line ${index}`).join("\n");
	expect((await readLines([text], { ...all, maxBytes: 30 })).lines).toHaveLength(4);
	let taken = 0;
	function* pieces(): Generator<string> {
		for (; taken < 1000; taken += 1) {
			yield `${taken}\n`;
		}
	}
	expect(await readLines(pieces(), { ...all, from: 3, count: 2, countAll: false })).toEqual({ lines: ["2", "3"], total: null });
	expect(taken).toBeLessThan(10);
});
