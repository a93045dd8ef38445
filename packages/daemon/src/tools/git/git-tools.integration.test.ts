import { execFileSync } from "node:child_process";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openToolHarness, type ToolHarness } from "../testing/tool-harness.ts";
import { gitCommitTool } from "./git-commit.ts";
import { gitDiffTool } from "./git-diff.ts";
import { gitLogTool } from "./git-log.ts";
import { gitStatusTool } from "./git-status.ts";

let harness: ToolHarness;
const status = gitStatusTool();
const diff = gitDiffTool();
const log = gitLogTool();
const commit = gitCommitTool();

const git = (...args: string[]): string =>
	execFileSync("git", args, { cwd: harness.workspace, env: harness.context.environment, encoding: "utf8" });
const put = (name: string, content: string): Promise<void> => writeFile(path.join(harness.workspace, name), content);

beforeEach(async () => {
	harness = await openToolHarness();
	git("init", "--quiet", "--initial-branch=main");
	git("config", "user.name", "Ada");
	git("config", "user.email", "ada@example.org");
	await put("a.txt", "one\n");
	await put("b.txt", "one\n");
	git("add", ".");
	git("commit", "--quiet", "-m", "First");
});

afterEach(() => harness.close());

test("status, diff and log say what Git says", async () => {
	expect((await harness.run(status, {})).output).toContain("Nothing is changed.");
	await put("a.txt", "two\n");
	await put("new.txt", "n\n");
	expect((await harness.run(status, {})).output).toBe("## main\n M a.txt\n?? new.txt");
	expect((await harness.run(diff, {})).output).toContain("-one\n+two");
	expect((await harness.run(diff, { staged: true })).output).toBe("There is no difference.");
	expect((await harness.run(diff, { paths: ["b.txt"] })).output).toBe("There is no difference.");
	expect((await harness.run(diff, { stat: true })).output).toContain("1 file changed");
	expect((await harness.run(log, {})).output).toMatch(/^[0-9a-f]+ \S+ Ada \(HEAD -> main\): First$/);
	expect((await harness.run(log, { revision: "nowhere" })).output).toContain("nowhere");
});

test("a commit has what was named and nothing else, also what was staged before", async () => {
	await put("a.txt", "two\n");
	await put("b.txt", "two\n");
	git("add", "b.txt");
	await put("new [1].txt", "n\n");
	const result = await harness.run(commit, { message: "Change a\n\nBecause.", paths: ["a.txt", "new [1].txt"] });
	expect(result.output).toContain("Change a");
	expect(git("show", "--name-only", "--format=%s").trim().split("\n")).toEqual(["Change a", "", "a.txt", "new [1].txt"]);
	expect(git("status", "--short")).toBe("M  b.txt\n");
});

test("no hook, editor, pager or program of the repository runs", async () => {
	const mark = path.join(harness.folder, "ran");
	const program = path.join(harness.folder, "evil.sh");
	await writeFile(program, `#!/bin/sh\necho "$0" >> ${mark}\n`);
	await chmod(program, 0o755);
	await mkdir(path.join(harness.workspace, ".git/hooks"), { recursive: true });
	for (const hook of ["pre-commit", "commit-msg", "post-commit", "post-index-change"]) {
		await writeFile(path.join(harness.workspace, ".git/hooks", hook), `#!/bin/sh\necho ${hook} >> ${mark}\n`);
		await chmod(path.join(harness.workspace, ".git/hooks", hook), 0o755);
	}
	for (const name of ["core.fsmonitor", "core.pager", "core.editor", "diff.external", "gpg.program", "diff.x.textconv"]) {
		git("config", name, program);
	}
	git("config", "commit.gpgSign", "true");
	await put(".gitattributes", "*.txt diff=x\n");
	await put("a.txt", "two\n");
	await harness.run(status, {});
	await harness.run(diff, {});
	await harness.run(log, {});
	expect((await harness.run(commit, { message: "Quiet", paths: ["a.txt"] })).ok).toBe(true);
	await expect(readFile(mark, "utf8")).rejects.toThrow("ENOENT");
	git("config", "filter.x.clean", program);
	expect((await harness.run(diff, {})).output).toContain("filter.x.clean");
});

test("secrets are not shown and not committed by accident", async () => {
	await put(".env", "KEY=1\n");
	git("add", ".env");
	expect((await harness.run(diff, { staged: true })).output).toContain("may hold secrets: .env");
	expect((await harness.run(diff, { staged: true, paths: [".env"] })).output).toContain("+KEY=1");
	git("reset", "--quiet");
	const refused = await harness.run(commit, { message: "All", paths: ["."] });
	expect(refused).toMatchObject({ ok: false });
	expect(refused.output).toContain(".env");
	expect(git("status", "--short")).toBe("?? .env\n");
});

test("a commit that fails leaves nothing staged", async () => {
	git("config", "--unset", "user.name");
	git("config", "--unset", "user.email");
	git("config", "user.useConfigOnly", "true");
	await put("new.txt", "n\n");
	const failed = await harness.run(commit, { message: "New", paths: ["new.txt"] });
	expect(failed.ok).toBe(false);
	expect(git("status", "--short")).toBe("?? new.txt\n");
});

test("what is no repository, no revision and no path is told", async () => {
	const other = await openToolHarness();
	expect((await other.run(status, {})).output).toContain("not a git repository");
	await other.close();
	expect(diff.input.safeParse({ revision: "--output=/tmp/x" }).success).toBe(false);
	expect((await harness.run(commit, { message: "x", paths: ["missing.txt"] })).ok).toBe(false);
	expect((await harness.access(commit, { message: "Say\nmore", paths: ["a.txt"] })).title).toBe("Commit a.txt: Say");
	expect((await harness.run(status, {}, { environment: { PATH: "/nowhere" } })).output).toContain("Git is not installed");
});
