import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitBlocks } from "./split-blocks.ts";

describe("a streamed text", () => {
	it("is cut at blank lines once the next block has begun", () => {
		expect(splitBlocks("One\n\nTwo\n\nThree")).toEqual({ finished: ["One\n\n"], open: "Two\n\nThree" });
		expect(splitBlocks("One\n\nTwo\n\nThree\n")).toEqual({ finished: ["One\n\n", "Two\n\n"], open: "Three\n" });
	});

	it("keeps fenced code whole, also with blank lines and shorter fences in it", () => {
		const code = "````js\na\n\n```\n\nb\n````\n\n";
		expect(splitBlocks(`${code}After\n`)).toEqual({ finished: [code], open: "After\n" });
		expect(splitBlocks("```\na\n\nb\n\nc\n").finished).toEqual([]);
	});

	it("keeps a list whole whose items are apart, with their paragraphs and code", () => {
		const list = "1. One\n\n   more\n\n2. Two\n\n   ```\n   x\n\n   y\n   ```\n\n";
		expect(splitBlocks(`${list}After\n`)).toEqual({ finished: [list], open: "After\n" });
	});

	it("loses nothing, and what is finished stays the same as more arrives", () => {
		const piece = fc.constantFrom("word", " ", "\n", "\n\n", "- item", "1. item", "```", "~~~", "  indented", "# Title", "|a|b|");
		fc.assert(
			fc.property(fc.array(piece, { maxLength: 40 }), fc.array(piece, { maxLength: 20 }), (earlier, later) => {
				const before = splitBlocks(earlier.join(""));
				const whole = earlier.concat(later).join("");
				const after = splitBlocks(whole);
				expect(after.finished.join("") + after.open).toBe(whole);
				expect(after.finished.slice(0, before.finished.length)).toEqual(before.finished);
			}),
		);
	});
});
