import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeFrame, encodeFrame, type Frame, resetReasons } from "./frame.ts";
import { mostPayloadBytes } from "./link-limits.ts";

const streamId = fc.integer({ min: 1, max: 0xffff_ffff });
const frame: fc.Arbitrary<Frame> = fc.oneof(
	fc.record({ type: fc.constantFrom("open" as const, "end" as const), streamId }),
	fc.record({
		type: fc.constant("data" as const),
		streamId,
		payload: fc.uint8Array({ minLength: 1, maxLength: 2000 }).map((bytes) => Buffer.from(bytes)),
	}),
	fc.record({ type: fc.constant("reset" as const), streamId, reason: fc.constantFrom(...resetReasons) }),
	fc.record({ type: fc.constant("credit" as const), streamId, bytes: fc.integer({ min: 1, max: 0xffff_ffff }) }),
	fc.record({ type: fc.constantFrom("ping" as const, "pong" as const) }),
	fc.record({ type: fc.constant("farewell" as const), text: fc.string({ unit: "grapheme", maxLength: 300 }) }),
);

describe("frames", () => {
	it("are read as they were written", () => {
		fc.assert(
			fc.property(frame, (written) => {
				expect(decodeFrame(encodeFrame(written))).toEqual(written);
			}),
		);
	});

	it("have one spelling: whatever is read is written again as the same bytes", () => {
		const bytes = fc.oneof(
			fc.uint8Array({ maxLength: 40 }),
			fc
				.tuple(fc.nat({ max: 9 }), streamId, fc.uint8Array({ maxLength: 5 }))
				.map(([type, id, payload]) => Uint8Array.of(type, id >>> 24, (id >>> 16) & 255, (id >>> 8) & 255, id & 255, ...payload)),
		);
		fc.assert(
			fc.property(bytes, (some) => {
				const read = decodeFrame(Buffer.from(some));
				// Text that is not UTF-8 is replaced.
				if (read !== null && read.type !== "farewell") {
					expect(new Uint8Array(encodeFrame(read))).toEqual(new Uint8Array(some));
				}
			}),
		);
	});

	it.each([
		["nothing", []],
		["half a head", [1, 0, 0]],
		["an unknown type", [0, 0, 0, 0, 1]],
		["a type of the future", [9, 0, 0, 0, 1, 1]],
		["a stream without number", [2, 0, 0, 0, 0, 1]],
		["data without data", [2, 0, 0, 0, 1]],
		["an opening that says more", [1, 0, 0, 0, 1, 7]],
		["credit of nothing", [5, 0, 0, 0, 1, 0, 0, 0, 0]],
		["credit cut short", [5, 0, 0, 0, 1, 0, 1]],
		["a reset for an unknown reason", [4, 0, 0, 0, 1, 9]],
		["a sign of life of a stream", [6, 0, 0, 0, 1]],
		["a sign of life that says more", [7, 0, 0, 0, 0, 1]],
		["more than a frame may hold", [2, 0, 0, 0, 1, ...new Uint8Array(mostPayloadBytes + 1)]],
	])("are not read from %s", (_name, bytes) => {
		expect(decodeFrame(Buffer.from(bytes))).toBeNull();
	});
});
