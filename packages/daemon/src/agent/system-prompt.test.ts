import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readSessionFacts, systemPromptOf } from "./system-prompt.ts";

let root: string;
beforeEach(() => {
	root = mkdtempSync(path.join(tmpdir(), "opta-facts-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

it("reads the instructions from the repository's root down to the workspace, with what identifies them", async () => {
	const workspace = path.join(root, "packages", "app");
	mkdirSync(workspace, { recursive: true });
	mkdirSync(path.join(root, ".git"));
	writeFileSync(path.join(root, "AGENTS.md"), "Use tabs.\n");
	writeFileSync(path.join(workspace, "AGENTS.md"), "Test with vitest.\n");
	const facts = await readSessionFacts(workspace, "linux");
	expect(facts.instructions.map(({ text }) => text)).toEqual(["Use tabs.", "Test with vitest."]);
	const prompt = systemPromptOf(facts, true);
	expect(prompt.indexOf("Use tabs.")).toBeLessThan(prompt.indexOf("Test with vitest."));
	expect(prompt).toContain(`SHA-256 ${facts.instructions[0]?.sha256.slice(0, 12)}`);
	expect(prompt).toContain("Git repository: yes");
});

it("reads nothing above a workspace that is in no repository", async () => {
	const workspace = path.join(root, "inner");
	mkdirSync(workspace);
	writeFileSync(path.join(root, "AGENTS.md"), "Not mine.");
	const facts = await readSessionFacts(workspace, "darwin");
	expect(facts).toMatchObject({ instructions: [], isGitRepository: false });
	expect(systemPromptOf(facts, true)).toContain("System: macOS");
});

it("follows a link of the project to its own text, never to a secret or out of the project", async () => {
	const workspace = path.join(root, "project");
	mkdirSync(workspace);
	writeFileSync(path.join(root, "private.txt"), "The key is 1234.");
	writeFileSync(path.join(workspace, ".env"), "KEY=1234");
	writeFileSync(path.join(workspace, "CLAUDE.md"), "Use tabs.");
	const linked = path.join(workspace, "AGENTS.md");
	const texts: string[] = [];
	for (const target of ["../private.txt", ".env", "CLAUDE.md"]) {
		symlinkSync(target, linked);
		texts.push(...(await readSessionFacts(workspace, "linux")).instructions.map(({ text }) => text));
		rmSync(linked);
	}
	expect(texts).toEqual(["Use tabs."]);
});

it("cuts instructions that would fill the window, and says so", async () => {
	writeFileSync(path.join(root, "AGENTS.md"), "x".repeat(50_000));
	const [instructions] = (await readSessionFacts(root, "linux")).instructions;
	expect(instructions?.text.length).toBeLessThan(33_000);
	expect(instructions?.text).toContain("50000 characters");
});

it("tells a model without tools nothing of them", async () => {
	expect(systemPromptOf(await readSessionFacts(root, "linux"), false)).not.toContain("tool");
});
