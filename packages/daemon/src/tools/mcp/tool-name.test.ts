import fc from "fast-check";
import { expect, test } from "vitest";
import { mcpToolName } from "./tool-name.ts";

test("ordinary names stay as they are", () => {
	expect(mcpToolName("github", "create_issue")).toBe("mcp__github__create_issue");
});

test("every name can be used with model servers, and two tools never share one", () => {
	fc.assert(
		fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (a, b) => {
			expect(mcpToolName("server", a)).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
			expect(mcpToolName("server", a) === mcpToolName("server", b)).toBe(a === b);
		}),
	);
});
