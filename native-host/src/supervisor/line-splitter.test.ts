import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLineSplitter } from "./line-splitter.ts";

function split(chunks: readonly Buffer[]): string[] {
	const lines: string[] = [];
	const splitter = createLineSplitter((line) => lines.push(line));
	for (const chunk of chunks) {
		splitter.push(chunk);
	}
	splitter.end();
	return lines;
}

describe("createLineSplitter", () => {
	it("finds the same lines wherever the bytes are cut, also inside a character", () => {
		const bytes = Buffer.from("one\r\n\nzwölf ✓\nlast without break");
		fc.assert(
			fc.property(fc.nat(bytes.length), fc.nat(bytes.length), (a, b) => {
				const [from, to] = [Math.min(a, b), Math.max(a, b)];
				expect(split([bytes.subarray(0, from), bytes.subarray(from, to), bytes.subarray(to)])).toEqual([
					"one",
					"zwölf ✓",
					"last without break",
				]);
			}),
		);
	});

	it("cuts a line without end instead of keeping it", () => {
		expect(split([Buffer.alloc(150_000, "x")]).map((line) => line.length)).toEqual([65_536, 65_536, 18_928]);
	});
});
