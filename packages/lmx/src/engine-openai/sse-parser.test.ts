import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ServerEvent, SseParser } from "./sse-parser.ts";

function parse(...pieces: readonly string[]): ServerEvent[] {
	const parser = new SseParser();
	return pieces.flatMap((piece) => parser.push(piece));
}

const data = fc.string({ unit: fc.constantFrom("a", ":", " ", "{", "é", "\uFEFF", "\n") });
const lineEnd = fc.constantFrom("\n", "\r\n", "\r");

describe("SseParser", () => {
	it("reads what was written, wherever the pieces are cut and whatever ends the lines", () => {
		fc.assert(
			fc.property(fc.array(data, { maxLength: 5 }), lineEnd, fc.array(fc.nat(200)), (texts, end, cuts) => {
				const stream = texts
					.map(
						(text) =>
							`${text
								.split("\n")
								.map((line) => `data: ${line}${end}`)
								.join("")}: comment${end}${end}`,
					)
					.join("");
				const places = [0, ...cuts.map((cut) => Math.min(cut, stream.length)).toSorted((a, b) => a - b), stream.length];
				const pieces = places.slice(1).map((place, index) => stream.slice(places[index], place));
				expect(parse(...pieces)).toEqual(texts.map((text) => ({ event: "message", data: text })));
			}),
		);
	});

	it("never throws on noise", () => {
		fc.assert(
			fc.property(fc.array(fc.string({ unit: "binary" }), { maxLength: 8 }), (pieces) => {
				expect(parse(...pieces).every((event) => typeof event.data === "string")).toBe(true);
			}),
		);
	});

	it("follows the standard in the corners", () => {
		expect(parse("\uFEFFdata:x\n\n")).toEqual([{ event: "message", data: "x" }]);
		expect(parse("data:  two\n\n")).toEqual([{ event: "message", data: " two" }]);
		expect(parse("event: error\ndata\n\n")).toEqual([{ event: "error", data: "" }]);
		expect(parse("event: ping\n\ndata: x\n\n")).toEqual([{ event: "message", data: "x" }]);
		expect(parse("id: 1\nretry: 5\n\n")).toEqual([]);
		expect(parse("data: unfinished")).toEqual([]);
		expect(parse("data: x\r", "\n\r", "\n")).toEqual([{ event: "message", data: "x" }]);
	});

	it("keeps no endless message", () => {
		const parser = new SseParser();
		const piece = "x".repeat(1024 * 1024);
		expect(() => {
			for (let count = 0; count < 20; count++) {
				parser.push(piece);
			}
		}).toThrow("too long");
	});
});
