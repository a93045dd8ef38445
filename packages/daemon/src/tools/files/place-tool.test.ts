import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { matchesRule } from "../../permissions/match-rule.ts";
import { openToolHarness, type ToolHarness } from "../testing/tool-harness.ts";
import type { ToolKind } from "../tool.ts";
import { placeTool } from "./place-tool.ts";

let harness: ToolHarness;

const toolOf = (kind: ToolKind) =>
	placeTool({
		name: "look",
		description: "",
		kind,
		input: z.strictObject({ path: z.string() }),
		paths: ({ path: given }) => [given],
		title: (_, [shown]) => `Look at ${shown}`,
		run: async (_, [place]) => ({ ok: true, output: place.absolute }),
	});

beforeEach(async () => {
	harness = await openToolHarness();
	await mkdir(path.join(harness.workspace, "src/[id]"), { recursive: true });
	await writeFile(path.join(harness.folder, "outside.txt"), "");
});
afterEach(() => harness.close());

test("an ordinary file is its own subject, and always means its folder and no other", async () => {
	const access = await harness.access(toolOf("edit"), { path: "src/[id]/a.ts" });
	expect(access).toMatchObject({ title: "Look at src/[id]/a.ts", subjects: ["src/[id]/a.ts"] });
	expect(access.outsideWorkspace).toBeUndefined();
	const [pattern] = access.alwaysPatterns;
	const rule = { tool: "look", pattern: pattern!, action: "allow" } as const;
	expect(matchesRule(rule, "look", "edit", "src/[id]/b.ts")).toBe(true);
	expect(matchesRule(rule, "look", "edit", "src/i/b.ts")).toBe(false);
	const root = await harness.access(toolOf("edit"), { path: "a.txt" });
	const rootRule = { ...rule, pattern: root.alwaysPatterns[0]! };
	expect(matchesRule(rootRule, "look", "edit", "a.txt")).toBe(true);
	expect(matchesRule(rootRule, "look", "edit", "src/a.txt")).toBe(false);
});

test.each([
	["read", "../outside.txt", "outside the workspace"],
	["read", ".env", "may hold secrets"],
	["edit", ".git/hooks/pre-commit", "other programs run"],
	["edit", ".opta/config.json", "other programs run"],
] as const)("to %s %s is asked for, with the reason", async (kind, given, reason) => {
	const access = await harness.access(toolOf(kind), { path: given });
	expect(access.outsideWorkspace).toBe(true);
	expect(access.title).toContain(reason);
	expect(access.alwaysPatterns).toEqual(access.subjects);
});

test("what Git says may be read without a question", async () => {
	expect((await harness.access(toolOf("read"), { path: ".git/config" })).outsideWorkspace).toBeUndefined();
});

test("a link that is turned elsewhere between permission and call stops the call", async () => {
	const link = path.join(harness.workspace, "link");
	const tool = toolOf("read");
	await writeFile(path.join(harness.workspace, "inside.txt"), "");
	await symlink("inside.txt", link);
	const input = { path: "link" };
	expect((await tool.access(input, harness.context)).subjects).toEqual(["inside.txt", "link"]);
	await rm(link);
	await symlink("../outside.txt", link);
	const outcome = await tool.run(input, harness.context);
	expect(outcome.ok).toBe(false);
	expect(outcome.output).toContain("leads elsewhere");
});
