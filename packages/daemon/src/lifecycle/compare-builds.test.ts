import { describe, expect, it } from "vitest";
import { compareBuilds, judgeSkew } from "./compare-builds.ts";

describe("compareBuilds", () => {
	it.each([
		["0.1.0", "0.1.0", 0],
		["0.9.0", "0.10.0", -1],
		["1.0.0", "0.99.99", 1],
		["0.2", "0.2.0", 0],
		["0.2.0-beta.1", "0.2.0+5", 0],
	])("%s and %s", (first, second, sign) => {
		expect(Math.sign(compareBuilds(first, second))).toBe(sign);
	});
});

describe("judgeSkew", () => {
	it("uses the same and newer daemons, replaces older ones, and gives up on those that no longer speak with it", () => {
		expect(judgeSkew("0.2.0", { build: "0.2.0", oldestApi: { daemon: 3 } })).toBe("use");
		expect(judgeSkew("0.2.0", { build: "0.3.0", oldestApi: { daemon: 3 } })).toBe("use");
		expect(judgeSkew("0.2.0", { build: "0.1.9", oldestApi: { daemon: 2 } })).toBe("replace");
		expect(judgeSkew("0.2.0", { build: "9.0.0", oldestApi: { daemon: 4 } })).toBe("too_new");
	});
});
