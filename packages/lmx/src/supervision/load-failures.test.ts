import { describe, expect, it } from "vitest";
import { LoadFailures } from "./load-failures.ts";

describe("LoadFailures", () => {
	it("pauses longer after every failure, and calls a model broken after the third", () => {
		const failures = new LoadFailures();
		failures.add("a", "No.", 0);
		expect(failures.block("a", 500)).toEqual({ reason: "No.", isBroken: false, retryInMs: 1500 });
		expect(failures.block("a", 2000)).toBeNull();
		failures.add("a", "No.", 2000);
		expect(failures.block("a", 11_999)).toMatchObject({ isBroken: false });
		failures.add("a", "Still no.", 12_000);
		expect(failures.block("a", 1e9)).toEqual({ reason: "Still no.", isBroken: true, retryInMs: null });
	});

	it("forgets when somebody asks all the same, and holds models apart", () => {
		const failures = new LoadFailures();
		failures.markBroken("a", "It keeps dying.");
		expect(failures.block("b", 0)).toBeNull();
		expect(failures.all()).toEqual([{ modelId: "a", reason: "It keeps dying." }]);
		failures.forget("a");
		expect(failures.block("a", 0)).toBeNull();
	});
});
