import type { ModelResponse } from "@opta/contracts/schema/lmx-responses";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ResponseStore } from "./response-store.ts";

function stored(id: string, text = ""): { response: ModelResponse; messages: { role: "user"; content: string }[] } {
	return { response: { id } as ModelResponse, messages: [{ role: "user", content: text }] };
}

describe("kept responses", () => {
	it("are forgotten after their time", () => {
		let now = 0;
		const store = new ResponseStore(
			() => ({ count: 9, ageMs: 1000 }),
			() => now,
		);
		store.put(stored("a"));
		now = 999;
		expect(store.get("a")?.response.id).toBe("a");
		now = 1000;
		expect(store.get("a")).toBeUndefined();
		expect(store.size).toBe(0);
	});

	it("make room for newer ones; what was used longest ago goes first", () => {
		const store = new ResponseStore(
			() => ({ count: 2, ageMs: 1000 }),
			() => 0,
		);
		store.put(stored("a"));
		store.put(stored("b"));
		store.get("a");
		store.put(stored("c"));
		expect([store.get("a"), store.get("b"), store.get("c")].map((each) => each?.response.id)).toEqual(["a", undefined, "c"]);
	});

	it("can be forgotten, or not kept at all", () => {
		const store = new ResponseStore(
			() => ({ count: 2, ageMs: 1000 }),
			() => 0,
		);
		store.put(stored("a"));
		expect([store.delete("a"), store.delete("a"), store.get("a")]).toEqual([true, false, undefined]);
		const none = new ResponseStore(
			() => ({ count: 0, ageMs: 1000 }),
			() => 0,
		);
		none.put(stored("a"));
		expect(none.get("a")).toBeUndefined();
	});

	it("stay within the bounds, whatever is put", () => {
		const put = fc.record({ id: fc.constantFrom("a", "b", "c", "d", "e", "f"), length: fc.nat(400) });
		fc.assert(
			fc.property(fc.array(put), (puts) => {
				const store = new ResponseStore(
					() => ({ count: 4, ageMs: 1000 }),
					() => 0,
					1000,
				);
				const sizes = new Map<string, number>();
				for (const { id, length } of puts) {
					const each = stored(id, "x".repeat(length));
					store.put(each);
					sizes.set(id, JSON.stringify(each).length);
					expect(store.get(id)?.response.id).toBe(id);
				}
				const kept = [...sizes].filter(([id]) => store.get(id) !== undefined);
				expect(kept.length).toBe(store.size);
				expect(store.size).toBeLessThanOrEqual(4);
				expect(kept.reduce((sum, [, size]) => sum + size, 0)).toBeLessThanOrEqual(1000);
			}),
		);
	});
});
