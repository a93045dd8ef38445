import type { PendingPermission } from "@opta/contracts/schema/daemon-permission";
import { expect, it } from "vitest";
import { isAllowed, parseAllowRule } from "./allow-rules.ts";

function asking(tool: string, patterns: string[], kind: PendingPermission["kind"] = "tool"): PendingPermission {
	const at = "2026-11-23T06:00:00.000Z";
	return {
		id: "p",
		sessionId: "s",
		turnId: "t",
		callId: "c",
		kind,
		tool,
		title: "?",
		patterns,
		scopes: ["once"],
		requestedAt: at,
		expiresAt: at,
	};
}
const allows = (rules: string[], permission: PendingPermission): boolean => isAllowed(rules.map(parseAllowRule), permission);

it("allows a tool whose every part is covered", () => {
	expect(allows(["run_command:npm test*"], asking("run_command", ["npm test *"]))).toBe(true);
	expect(allows(["run_command:npm test*"], asking("run_command", ["npm test *", "rm *"]))).toBe(false);
	expect(allows(["run_command:npm test*", "run_command:rm *"], asking("run_command", ["npm test *", "rm *"]))).toBe(true);
	expect(allows(["run_command:npm*"], asking("write_file", ["npm"]))).toBe(false);
});

it("allows what names no patterns only to a rule for the whole tool", () => {
	expect(allows(["write_file:src/*"], asking("write_file", []))).toBe(false);
	expect(allows(["write_file"], asking("write_file", []))).toBe(true);
	expect(allows(["mcp__files__*"], asking("mcp__files__read", []))).toBe(true);
});

it("takes a pattern from its beginning to its end", () => {
	expect(allows(["run_command:a*a"], asking("run_command", ["a"]))).toBe(false);
	expect(allows(["run_command:git *push"], asking("run_command", ["git push --force"]))).toBe(false);
	expect(allows(["run_command:*b*c"], asking("run_command", ["abbc"]))).toBe(true);
});

it("never answers a question to a person", () => {
	expect(allows(["*"], asking("ask_user", [], "question"))).toBe(false);
});

it("refuses a rule without a tool", () => {
	expect(() => parseAllowRule(":npm")).toThrow("--allow");
});
