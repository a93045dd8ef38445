import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EventRing } from "./event-ring.ts";

describe("EventRing", () => {
	it("gives a reader who comes back exactly what was missed, or says that it cannot", () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 0, max: 40 }), fc.nat(40), (capacity, count, place) => {
				const ring = new EventRing<number>("a", capacity);
				for (let value = 1; value <= count; value++) {
					ring.add(value);
				}
				const following = ring.after(`a:${place}`);
				const missed = Array.from({ length: Math.max(0, count - place) }, (_, index) => place + 1 + index);
				if (place > count) {
					expect(following).toEqual({ kind: "lost", reason: "restarted" });
				} else if (missed.length > capacity) {
					expect(following).toEqual({ kind: "lost", reason: "too_old" });
				} else {
					expect(following).toEqual({ kind: "entries", entries: missed.map((value) => ({ id: `a:${value}`, value })) });
				}
			}),
		);
	});

	it("takes any other id for one of an earlier start", () => {
		const ring = new EventRing<string>("now", 4);
		ring.add("one");
		for (const id of ["before:1", "", "1", ":", "now:", "now:-1", "now:1e1", "now:99999999999999999999"]) {
			expect(ring.after(id)).toEqual({ kind: "lost", reason: "restarted" });
		}
	});

	it("keeps the newest entries only", () => {
		const ring = new EventRing<string>("a", 2);
		expect(ring.entries()).toEqual([]);
		expect(ring.lastId).toBe("a:0");
		for (const value of ["one", "two", "three"]) {
			ring.add(value);
		}
		expect(ring.entries()).toEqual([
			{ id: "a:2", value: "two" },
			{ id: "a:3", value: "three" },
		]);
	});
});
