import { describe, expect, it } from "vitest";
import { readOutput } from "./read-output.ts";

describe("readOutput", () => {
	it.each([
		["2026-11-23T08:00:00Z INF Registered tunnel connection connIndex=0", "info", "Registered tunnel connection connIndex=0"],
		["2026-11-23T08:00:00Z WRN Serve tunnel error", "warn", "Serve tunnel error"],
		["2026-11-23T08:00:00Z ERR Failed to dial", "warn", "Failed to dial"],
		["2026-11-23T08:00:00Z DBG details", "debug", "details"],
		["something else", "info", "something else"],
	])("reads %s", (line, level, text) => expect(readOutput(line)).toEqual({ level, text }));

	it("keeps secrets out of the log", () => {
		const token = Buffer.from(JSON.stringify({ a: "account", s: "secret", t: "tunnel" })).toString("base64");
		for (const line of [`run --token ${token}`, `INF token="${token}"`, "Authorization: Bearer abcdefghijkl"]) {
			expect(readOutput(line).text).toContain("[redacted]");
			expect(readOutput(line).text).not.toMatch(/eyJ|abcdefghijkl/);
		}
	});
});
