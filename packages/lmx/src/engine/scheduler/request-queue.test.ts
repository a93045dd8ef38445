import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Priority, priorities } from "../engine-messages.ts";
import { type Queued, RequestQueue } from "./request-queue.ts";

function request(id: string, client = "a", priority: Priority = "normal"): Queued {
	return { request: { id, client, priority } };
}

function takeAll(queue: RequestQueue<Queued>): string[] {
	return Array.from({ length: queue.size }, () => queue.shift()?.request.id ?? "none");
}

function queueOf(...requests: Queued[]): RequestQueue<Queued> {
	const queue = new RequestQueue<Queued>();
	for (const item of requests) {
		queue.push(item);
	}
	return queue;
}

const arrival = fc.record({ client: fc.constantFrom("a", "b", "c"), priority: fc.constantFrom(...priorities) });

describe("RequestQueue", () => {
	it("serves clients in turn, and each client in order", () => {
		const queue = queueOf(request("a1"), request("a2"), request("a3"), request("b1", "b"), request("c1", "c"), request("b2", "b"));
		expect(queue.inOrder().map((item) => item.request.id)).toEqual(["a1", "b1", "c1", "a2", "b2", "a3"]);
		expect(takeAll(queue)).toEqual(["a1", "b1", "c1", "a2", "b2", "a3"]);
	});

	it("serves higher priorities first, and what had been at work before everything", () => {
		const queue = queueOf(request("low", "a", "low"), request("normal"), request("high", "a", "high"));
		queue.putBack(request("back", "a", "low"));
		expect(takeAll(queue)).toEqual(["back", "high", "normal", "low"]);
	});

	it("takes out what is given up", () => {
		const queue = queueOf(request("one"), request("two"), request("three"));
		expect(queue.remove("two")?.request.id).toBe("two");
		expect(queue.remove("two")).toBeUndefined();
		expect(takeAll(queue)).toEqual(["one", "three"]);
	});

	it("says whose turn it is before it is taken, loses nothing and keeps each client's order", () => {
		const step = fc.oneof(arrival, fc.constant("take" as const));
		fc.assert(
			fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
				const queue = new RequestQueue<Queued>();
				const taken: string[] = [];
				let pushed = 0;
				for (const what of [...steps, ...steps.map(() => "take" as const)]) {
					if (what === "take") {
						const first = queue.first;
						const item = queue.shift();
						expect(item).toBe(first);
						taken.push(...(item === undefined ? [] : [item.request.id]));
					} else {
						queue.push(request(`${what.client}-${what.priority}-${String(pushed++).padStart(3, "0")}`, what.client, what.priority));
					}
				}
				expect(taken).toHaveLength(pushed);
				const ofOne = Map.groupBy(taken, (id) => id.slice(0, -4));
				for (const ids of ofOne.values()) {
					expect(ids).toEqual([...ids].sort());
				}
			}),
		);
	});

	it("lets nobody wait longer than its share, whoever else floods the queue", () => {
		fc.assert(
			fc.property(arrival, fc.array(arrival, { minLength: 1, maxLength: 12 }), (mine, flood) => {
				const queue = new RequestQueue<Queued>();
				queue.push(request("mine", mine.client === "a" ? "me" : mine.client, mine.priority));
				let waited = 0;
				for (; queue.first !== undefined; waited++) {
					for (const { client, priority } of flood) {
						queue.push(request("other", client, priority));
					}
					if (queue.shift()?.request.id === "mine") {
						break;
					}
				}
				expect(waited).toBeLessThanOrEqual(9 * 9);
			}),
		);
	});
});
