import { permissionModes } from "@opta/contracts/daemon-protocol";
import type { PermissionMode, PermissionRule } from "@opta/contracts/schema/daemon-permission";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { ToolKind } from "../tools/tool.ts";
import { decidePermission, type PermissionCase } from "./decide-permission.ts";

function decide(change: Partial<PermissionCase> & { subjects?: readonly string[]; outside?: boolean }): string {
	const { subjects = ["src/a.ts"], outside = false, ...rest } = change;
	return decidePermission({
		mode: "ask",
		tool: "read_file",
		kind: "read",
		rules: [],
		allowed: [],
		repeated: false,
		access: { subjects, outsideWorkspace: outside },
		...rest,
	}).action;
}

const table: Record<PermissionMode, Record<ToolKind, string>> = {
	plan: { read: "allow", edit: "deny", execute: "deny", network: "ask", interact: "allow" },
	ask: { read: "allow", edit: "ask", execute: "ask", network: "ask", interact: "allow" },
	edit: { read: "allow", edit: "allow", execute: "ask", network: "ask", interact: "allow" },
	auto: { read: "allow", edit: "allow", execute: "allow", network: "allow", interact: "allow" },
};

it.each(permissionModes)("knows what %s mode allows by itself", (mode) => {
	for (const [kind, action] of Object.entries(table[mode])) {
		expect(decide({ mode, kind: kind as ToolKind }), kind).toBe(action);
	}
});

it("asks for everything outside of the workspace, but in auto mode", () => {
	expect(decide({ outside: true, subjects: ["/etc/hosts"] })).toBe("ask");
	expect(decide({ outside: true, mode: "edit", kind: "edit", subjects: ["/etc/hosts"] })).toBe("ask");
	expect(decide({ outside: true, mode: "auto", subjects: ["/etc/hosts"] })).toBe("allow");
});

it("lets the last rule win", () => {
	const rules: PermissionRule[] = [
		{ tool: "run_command", pattern: "git *", action: "allow" },
		{ tool: "run_command", pattern: "git push*", action: "deny" },
		{ tool: "run_command", pattern: "git push --dry-run*", action: "allow" },
	];
	const run = (command: string) => decide({ tool: "run_command", kind: "execute", rules, subjects: [command] });
	expect(run("git status")).toBe("allow");
	expect(run("git push origin main")).toBe("deny");
	expect(run("GIT PUSH origin")).toBe("deny");
	expect(run("git push --dry-run")).toBe("allow");
	expect(run("npm test")).toBe("ask");
});

it("needs every part of a command to be allowed", () => {
	const rules: PermissionRule[] = [
		{ tool: "run_command", pattern: "git *", action: "allow" },
		{ tool: "run_command", pattern: "rm *", action: "deny" },
	];
	const run = (...subjects: string[]) => decide({ tool: "run_command", kind: "execute", rules, subjects });
	expect(run("git status", "git diff")).toBe("allow");
	expect(run("git status", "npm test")).toBe("ask");
	expect(run("git status", "rm -rf x", "npm test")).toBe("deny");
});

it("asks before secrets are read, but not before their examples are", () => {
	for (const subject of [
		".env",
		"deep/down/.env",
		".ENV",
		"a/.env.local",
		"x/../.env",
		"keys/server.pem",
		"C:\\Users\\me\\.ssh\\config",
		"/home/me/.ssh/config",
	]) {
		expect(decide({ subjects: [subject] }), subject).toBe("ask");
	}
	for (const subject of [".env.example", "a/.env.sample", "environment.ts", "src/.envoy", "src/key.ts"]) {
		expect(decide({ subjects: [subject] }), subject).toBe("allow");
	}
	expect(decide({ subjects: [".env"], rules: [{ tool: "read_file", pattern: ".env", action: "deny" }] })).toBe("deny");
	expect(decide({ subjects: [".env"], rules: [{ tool: "*", pattern: "*", action: "allow" }] })).toBe("allow");
});

it("lets nothing be run or changed because of the name that it ends with", () => {
	expect(decide({ tool: "run_command", kind: "execute", subjects: ["rm -rf . .env.example"] })).toBe("ask");
	expect(decide({ tool: "edit_file", kind: "edit", subjects: [".env.example"] })).toBe("ask");
	expect(decide({ mode: "auto", tool: "edit_file", kind: "edit", subjects: [".env"] })).toBe("ask");
});

it("turns questions into permissions by what people allowed, never denials", () => {
	const allowed: PermissionRule[] = [{ tool: "run_command", pattern: "npm *", action: "allow" }];
	const run = (command: string, rules: PermissionRule[] = []) =>
		decide({ tool: "run_command", kind: "execute", allowed, rules, subjects: [command] });
	expect(run("npm test")).toBe("allow");
	expect(run("yarn test")).toBe("ask");
	expect(run("npm publish", [{ tool: "*", pattern: "npm publish*", action: "deny" }])).toBe("deny");
	expect(decide({ mode: "plan", tool: "run_command", kind: "execute", allowed, subjects: ["npm test"] })).toBe("deny");
});

it("asks when a model goes round in circles, even in auto mode", () => {
	expect(decide({ mode: "auto", repeated: true })).toBe("ask");
	expect(decide({ repeated: true, rules: [{ tool: "*", pattern: "*", action: "deny" }] })).toBe("deny");
});

it("takes names with brackets for themselves", () => {
	const rules: PermissionRule[] = [{ tool: "edit_file", pattern: "app/[id].tsx", action: "allow" }];
	expect(decide({ tool: "edit_file", kind: "edit", rules, subjects: ["app/[id].tsx"] })).toBe("allow");
});

it("is never looser for more subjects, and never throws", () => {
	const strict = { allow: 0, ask: 1, deny: 2 } as Record<string, number>;
	const rule = fc.record({
		tool: fc.constantFrom("*", "read_file", "run_*"),
		pattern: fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom("*", "src/**", "[", "(", "a*b")),
		action: fc.constantFrom("allow" as const, "ask" as const, "deny" as const),
	});
	fc.assert(
		fc.property(
			fc.array(rule),
			fc.array(fc.string(), { minLength: 1 }),
			fc.string(),
			fc.constantFrom<ToolKind>("read", "edit", "execute", "network", "interact"),
			fc.constantFrom(...permissionModes),
			(rules, subjects, more, kind, mode) => {
				const fewer = decide({ rules, subjects, kind, mode });
				const all = decide({ rules, subjects: [...subjects, more], kind, mode });
				expect(strict[all]).toBeGreaterThanOrEqual(strict[fewer] ?? 0);
			},
		),
	);
});
