import fc from "fast-check";
import { expect, test } from "vitest";
import { OutputLog } from "./output-log.ts";

test("a short text is given back whole", () => {
	const log = new OutputLog(100, 100);
	log.add("one\n");
	log.add("two\n");
	expect(log.excerpt(100, "Advice.")).toEqual({ text: "one\ntwo\n", truncated: false });
});

test("of a long text the beginning and the end are kept, and it says how much is missing", () => {
	const log = new OutputLog(50, 50);
	log.add(`begin${"x".repeat(1000)}end`);
	const { text, truncated } = log.excerpt(20, "Advice.");
	expect(truncated).toBe(true);
	expect(text).toMatch(/^beginxxxxx\n\[988 characters are left out here\. Advice\.\]\nxxxxxxxend$/s);
});

test("letters of several bytes are not cut in two", () => {
	const log = new OutputLog(500, 500);
	log.add("é".repeat(400));
	expect(log.excerpt(101, "Advice.").text).not.toContain("\uFFFD");
});

test("reading on from where the last reading ended gives all that is kept, in order", () => {
	fc.assert(
		fc.property(fc.array(fc.string({ maxLength: 30 })), fc.integer({ min: 1, max: 20 }), (pieces, limit) => {
			const log = new OutputLog(40, 40);
			let read = "";
			let dropped = 0;
			let offset = 0;
			for (const piece of pieces) {
				log.add(piece);
				const part = log.read(offset, limit);
				dropped += part.from - offset;
				read += part.text;
				offset = part.next;
			}
			while (offset < log.length) {
				const part = log.read(offset, limit);
				dropped += part.from - offset;
				read += part.text;
				offset = part.next;
			}
			expect(read.length + dropped).toBe(pieces.join("").length);
			if (dropped === 0) {
				expect(read).toBe(pieces.join(""));
			}
		}),
	);
});
