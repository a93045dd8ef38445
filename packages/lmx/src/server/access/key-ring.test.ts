import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hashKey, KeyRing, presentedKey } from "./key-ring.ts";

const key = fc.string({ minLength: 1, maxLength: 60 });

describe("KeyRing", () => {
	it("knows exactly the keys that it was given", () => {
		fc.assert(
			fc.property(fc.uniqueArray(key, { minLength: 2, maxLength: 8 }), key, ([admin = "", ...clients], other) => {
				const ring = new KeyRing(
					hashKey(admin),
					clients.map((each, index) => ({ name: `k${index}`, sha256: hashKey(each) })),
				);
				expect(ring.find(admin)).toEqual({ kind: "admin" });
				clients.forEach((each, index) => {
					expect(ring.find(each)).toEqual({ kind: "client", name: `k${index}` });
				});
				if (other !== admin && !clients.includes(other)) {
					expect(ring.find(other)).toBeNull();
				}
			}),
		);
	});

	it("has no owner for any key when it is empty", () => {
		const ring = new KeyRing(null, []);
		expect(ring.hasClientKeys).toBe(false);
		expect(ring.find("")).toBeNull();
	});
});

describe("presentedKey", () => {
	it("reads both headers, and nothing that only looks like a key", () => {
		expect(presentedKey({ authorization: "Bearer abc" })).toBe("abc");
		expect(presentedKey({ authorization: "bearer  abc " })).toBe("abc");
		expect(presentedKey({ "x-api-key": "abc" })).toBe("abc");
		expect(presentedKey({ authorization: "Bearer abc", "x-api-key": "def" })).toBe("abc");
		expect(presentedKey({ authorization: "Basic abc" })).toBeNull();
		expect(presentedKey({ authorization: "Bearer a b" })).toBeNull();
		expect(presentedKey({ authorization: "Bearer" })).toBeNull();
		expect(presentedKey({ "x-api-key": "" })).toBeNull();
		expect(presentedKey({ "x-api-key": ["a", "b"] })).toBeNull();
		expect(presentedKey({})).toBeNull();
	});
});
