import { describe, expect, it } from "vitest";
import { logLine } from "./quiet-log.ts";

describe("logLine", () => {
	it("keeps code and message of an error, and none of the data that comes with it", () => {
		const error = Object.assign(new Error("duplicate key value"), {
			code: "23505",
			detail: "Key (email)=(ann@example.org)",
			params: ["$2b$10$hash"],
		});
		expect(logLine(["Auth error:", error])).toBe("Auth error: 23505 duplicate key value");
	});

	it("is one line", () => {
		expect(logLine(["two\n  lines", 3])).toBe("two lines 3");
	});
});
