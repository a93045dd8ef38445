import { describe, expect, it } from "vitest";
import { RestartPolicy } from "./restart-policy.ts";

describe("RestartPolicy", () => {
	it("waits longer after every crash and gives up at the third", () => {
		const policy = new RestartPolicy();
		expect([0, 1, 2].map((ms) => policy.onCrash(ms))).toEqual([250, 1000, null]);
	});

	it("forgives a model that ran well for a minute", () => {
		const policy = new RestartPolicy();
		policy.onCrash(0);
		policy.onCrash(10);
		policy.onReady(1000);
		expect(policy.onCrash(62_000)).toBe(250);
	});

	it("does not forgive one that crashes soon after every start", () => {
		const policy = new RestartPolicy();
		const delays = [1000, 2000, 3000].map((ms) => {
			policy.onReady(ms);
			return policy.onCrash(ms + 500);
		});
		expect(delays.at(-1)).toBeNull();
	});
});
