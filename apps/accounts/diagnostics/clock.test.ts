import { describe, expect, it } from "vitest";
import { clockSkew, skewInWords } from "./clock.ts";

describe("the database's clock", () => {
	it.each([
		[0, 200, 100, "ok", "0.0 s ahead (± 0.1 s)"],
		[0, 200, 3_200, "warn", "3.1 s ahead (± 0.1 s)"],
		[10_000, 10_200, -5_000, "bad", "15.1 s behind (± 0.1 s)"],
	] as const)("sent at %d, back at %d, saying %d: %s", (sentMs, receivedMs, databaseMs, state, words) => {
		const skew = clockSkew({ sentMs, receivedMs, databaseMs });
		expect([skew.state, skewInWords(skew)]).toEqual([state, words]);
	});

	it("is not blamed for a slow call", () => {
		expect(clockSkew({ sentMs: 0, receivedMs: 9_000, databaseMs: 8_900 }).state).toBe("ok");
	});
});
