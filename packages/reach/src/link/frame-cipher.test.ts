import { createSecretKey, randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createOpener, createSealer } from "./frame-cipher.ts";

const key = createSecretKey(randomBytes(32));
const [one, two] = [Buffer.from("one"), Buffer.from("two")];

describe("the encryption of one direction", () => {
	it("opens what was sealed, in its order, and shows nothing of it", () => {
		const [seal, open] = [createSealer(key), createOpener(key)];
		const sealed = [one, one, Buffer.alloc(0)].map(seal);
		expect(sealed[0]).not.toEqual(sealed[1]);
		expect(sealed[0]?.includes(one)).toBe(false);
		expect(sealed.map(open)).toEqual([one, one, Buffer.alloc(0)]);
	});

	it.each([
		["repeated", ([first]: Buffer[]) => [first!, first!]],
		["left out", ([, second]: Buffer[]) => [second!]],
		["reordered", ([first, second]: Buffer[]) => [second!, first!]],
		["changed", ([first]: Buffer[]) => [Buffer.from(first!.map((byte, index) => (index === 1 ? byte ^ 1 : byte)))]],
		["cut short", ([first]: Buffer[]) => [first!.subarray(0, -1)]],
		["empty", () => [Buffer.alloc(0)]],
	])("does not open a message that was %s", (_name, tamper) => {
		const [seal, open] = [createSealer(key), createOpener(key)];
		expect(tamper([seal(one), seal(two)]).map(open)).toContain(null);
	});

	it("does not open what was sealed for the other direction", () => {
		expect(createOpener(createSecretKey(randomBytes(32)))(createSealer(key)(one))).toBeNull();
	});
});
