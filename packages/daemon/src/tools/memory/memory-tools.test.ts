import { stat, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openToolHarness, type ToolHarness } from "../testing/tool-harness.ts";
import { memoryFile } from "./memory-files.ts";
import { memoryTools } from "./memory-tools.ts";

let harness: ToolHarness;
let home: string;

beforeEach(async () => {
	harness = await openToolHarness();
	home = path.join(harness.folder, "home");
});
afterEach(() => harness.close());

test("what is remembered is there in the next session, for this project only, and for its user only", async () => {
	const [read, write] = memoryTools(home).tools;
	expect((await harness.run(read!, {})).output).toContain("Nothing is remembered");
	await Promise.all([harness.run(write!, { text: "Tests: npm test" }), harness.run(write!, { text: "Tabs, not spaces" })]);
	const [later] = memoryTools(home).tools;
	expect((await harness.run(later!, {})).output).toContain("Tests: npm test\nTabs, not spaces");
	expect((await stat(memoryFile(home, harness.workspace))).mode & 0o077).toBe(0);
	expect((await harness.run(later!, {}, { workspace: harness.folder })).output).toContain("Nothing is remembered");
	await harness.run(write!, { text: "Only this", replace: true });
	expect((await harness.run(read!, {})).output).not.toContain("Tabs");
	expect(await harness.access(write!, { text: "x" })).toMatchObject({ subjects: ["memory"], detail: "x" });
});

test("AGENTS.md of the project is read with it, but not a link that leads to a secret", async () => {
	const [read] = memoryTools(home).tools;
	await writeFile(path.join(harness.workspace, ".env"), "KEY=1");
	await symlink(".env", path.join(harness.workspace, "AGENTS.md"));
	expect((await harness.run(read!, {})).output).not.toContain("KEY");
	const other = await openToolHarness();
	await writeFile(path.join(other.workspace, "AGENTS.md"), "Use tabs.");
	expect((await other.run(read!, {})).output).toContain("Use tabs.");
	await other.close();
});

test("what is too long is refused and the old stays", async () => {
	const [read, write] = memoryTools(home).tools;
	await harness.run(write!, { text: "Keep me" });
	expect((await harness.run(write!, { text: "x".repeat(64 * 1024) })).ok).toBe(false);
	expect((await harness.run(read!, {})).output).toContain("Keep me");
});
