import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeBase64Url, encodeBase64Url } from "./base64url.ts";
import { type Bytes, equalBytes } from "./bytes.ts";
import { type CanonicalPart, canonical } from "./canonical.ts";
import { newId } from "./new-id.ts";
import { pad, unpad } from "./padding.ts";

const anyBytes = fc.uint8Array({ maxLength: 700 }).map((bytes): Bytes => new Uint8Array(bytes));

describe("base64url", () => {
	it("is what the platform's own codec makes, and comes back", () => {
		fc.assert(
			fc.property(anyBytes, (bytes) => {
				expect(encodeBase64Url(bytes)).toBe(Buffer.from(bytes).toString("base64url"));
				expect(decodeBase64Url(encodeBase64Url(bytes))).toEqual(bytes);
			}),
		);
	});

	it("has one text for the same bytes", () => {
		fc.assert(
			fc.property(fc.string({ unit: fc.constantFrom(..."AQgwZ_-=+/ \n09"), maxLength: 12 }), (text) => {
				let bytes: Bytes;
				try {
					bytes = decodeBase64Url(text);
				} catch (error) {
					expect(error).toMatchObject({ reason: "malformed" });
					return;
				}
				expect(encodeBase64Url(bytes)).toBe(text);
			}),
		);
	});

	it.each([null, undefined, 7, {}, ["QQ"]])("is not %j", (value) => {
		expect(() => decodeBase64Url(value)).toThrow(expect.objectContaining({ reason: "malformed" }));
	});
});

describe("the canonical encoding", () => {
	const part: fc.Arbitrary<CanonicalPart> = fc.oneof(fc.string(), fc.nat(), anyBytes);
	const list = fc.tuple(fc.string(), fc.array(part, { maxLength: 4 }));

	it("gives different bytes for different lists", () => {
		fc.assert(
			fc.property(list, list, ([purposeA, partsA], [purposeB, partsB]) => {
				const same = equalBytes(canonical(purposeA, ...partsA), canonical(purposeB, ...partsB));
				expect(same).toBe(JSON.stringify([purposeA, partsA]) === JSON.stringify([purposeB, partsB]));
			}),
		);
	});

	it.each([
		["a", "bc"],
		["ab", "c"],
		["abc", ""],
	])("does not run %j and %j together", (a, b) => {
		expect(canonical("x", a, b)).not.toEqual(canonical("x", "abc"));
	});

	it.each([-1, 1.5, Number.NaN, 2 ** 53, "\ud800", null, undefined, {}])("refuses %j", (value) => {
		expect(() => canonical("x", value as string)).toThrow(expect.objectContaining({ reason: "malformed" }));
	});
});

describe("padding", () => {
	it("comes off again, and makes multiples of 256 bytes", () => {
		fc.assert(
			fc.property(anyBytes, (bytes) => {
				const padded = pad(bytes);
				expect(padded.length % 256).toBe(0);
				expect(unpad(padded)).toEqual(bytes);
			}),
		);
	});

	it("refuses what it did not make", () => {
		const padded = pad(new Uint8Array([1, 2, 3]));
		const dirty = padded.slice();
		dirty[255] = 1;
		const long = padded.slice();
		long[0] = 255;
		for (const wrong of [
			new Uint8Array(0),
			new Uint8Array(3),
			padded.slice(0, 255),
			dirty,
			long,
			new Uint8Array([...padded, ...new Uint8Array(256)]),
		]) {
			expect(() => unpad(wrong)).toThrow(expect.objectContaining({ reason: "malformed" }));
		}
	});
});

it("new ids are UUIDv7 in the order of their times", () => {
	const early = newId(1_700_000_000_000);
	expect(early).toMatch(/^018bcfe5-6800-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
	expect([newId(1_700_000_000_001), early].sort()[0]).toBe(early);
});
