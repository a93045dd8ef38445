import { expect, it } from "vitest";
import { createShare } from "./share-in-flight.ts";

it("runs once for those who ask together, anew for the next, apart for another key, and again after a failure", async () => {
	const share = createShare<number>();
	let runs = 0;
	const work = async (): Promise<number> => ++runs;
	expect(await Promise.all([share("a", work), share("a", work), share("b", work)])).toEqual([1, 1, 2]);
	expect(await share("a", work)).toBe(3);
	const failing = (): Promise<number> => Promise.reject(new Error("away"));
	await expect(Promise.all([share("a", failing), share("a", work)])).rejects.toThrow("away");
	expect(await share("a", work)).toBe(4);
});
