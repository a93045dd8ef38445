import { describe, expect, it } from "vitest";
import { createOneAtATime } from "./one-at-a-time.ts";

describe("createOneAtATime", () => {
	it("never lets two tasks overlap and keeps their order", async () => {
		const queue = createOneAtATime(100);
		const events: string[] = [];
		const tasks = Array.from({ length: 20 }, (_, index) =>
			queue.run(async () => {
				events.push(`begin ${index}`);
				await new Promise((resolve) => setImmediate(resolve));
				events.push(`end ${index}`);
			}),
		);
		await Promise.all(tasks);
		expect(events).toEqual(Array.from({ length: 20 }, (_, index) => [`begin ${index}`, `end ${index}`]).flat());
	});

	it("goes on after a task that failed, and tells only its caller", async () => {
		const queue = createOneAtATime(100);
		const failing = queue.run(() => Promise.reject(new Error("broken")));
		const next = queue.run(async () => "fine");
		await expect(failing).rejects.toThrow("broken");
		await expect(next).resolves.toBe("fine");
	});

	it("refuses at once what is over its limit, and takes more when there is room", async () => {
		const queue = createOneAtATime(2);
		const first = queue.run(async () => 1);
		const second = queue.run(async () => 2);
		expect(queue.run(async () => 3)).toBeNull();
		await Promise.all([first, second]);
		await expect(queue.run(async () => 4)).resolves.toBe(4);
	});
});
