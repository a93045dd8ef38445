import { expect, test } from "vitest";
import { createPathLocks } from "./path-locks.ts";

test("calls that share a file run one after the other, in order, and others do not wait", async () => {
	const locks = createPathLocks();
	const log: string[] = [];
	const gate = Promise.withResolvers<void>();
	const first = locks.hold(["/a", "/b"], async () => {
		await gate.promise;
		log.push("first");
	});
	const second = locks.hold(["/b", "/a"], async () => {
		log.push("second");
	});
	await locks.hold(["/c"], async () => {
		log.push("other");
	});
	gate.resolve();
	await Promise.all([first, second]);
	expect(log).toEqual(["other", "first", "second"]);
});

test("a failure frees the file", async () => {
	const locks = createPathLocks();
	await expect(locks.hold(["/a"], () => Promise.reject(new Error("no")))).rejects.toThrow("no");
	expect(await locks.hold(["/a"], async () => 1)).toBe(1);
});
