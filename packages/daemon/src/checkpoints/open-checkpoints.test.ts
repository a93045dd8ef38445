import { chmod, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Checkpoints } from "./checkpoints.ts";
import { type CheckpointOptions, openCheckpoints } from "./open-checkpoints.ts";

let folder: string;
let workspace: string;
let checkpoints: Checkpoints;

const open = (options: Partial<CheckpointOptions> = {}): Promise<Checkpoints> =>
	openCheckpoints({ folder: path.join(folder, "home"), onProblem: expect.unreachable, ...options });
const at = (name: string): string => path.join(workspace, name);
const text = (name: string): Promise<string> => readFile(at(name), "utf8");

/** Changes a file as a tool does. */
async function change(turnId: string, name: string, content: string | null, sessionId = "s1"): Promise<void> {
	await checkpoints.keepBefore(sessionId, turnId, at(name), content === null ? null : Buffer.from(content));
	if (content === null) {
		await rm(at(name));
		return;
	}
	await mkdir(path.dirname(at(name)), { recursive: true });
	await writeFile(at(name), content);
}

beforeEach(async () => {
	folder = await realpath(await mkdtemp(path.join(os.tmpdir(), "opta-checkpoints-")));
	workspace = path.join(folder, "work");
	await mkdir(workspace);
	await writeFile(at("a.txt"), "a0\n");
	checkpoints = await open();
});

afterEach(async () => {
	await checkpoints.close();
	await rm(folder, { recursive: true });
});

test("a rewind brings back changed, deleted and created files, and removes folders that were made for them", async () => {
	await writeFile(at("gone.txt"), "here");
	await chmod(at("gone.txt"), 0o640);
	await change("t1", "a.txt", "a1\n");
	await change("t1", "a.txt", "a2\n");
	await change("t2", "gone.txt", null);
	await change("t2", "deep/er/new.txt", "new");
	await checkpoints.close();
	checkpoints = await open();
	const result = await checkpoints.restore("s1", "t1");
	expect(result.skipped).toEqual([]);
	expect([...result.restoredFiles].sort()).toEqual([at("a.txt"), at("deep/er/new.txt"), at("gone.txt")].sort());
	expect(await text("a.txt")).toBe("a0\n");
	expect(await text("gone.txt")).toBe("here");
	expect((await stat(at("gone.txt"))).mode & 0o777).toBe(0o640);
	expect(await readdir(workspace)).toEqual(["a.txt", "gone.txt"]);
});

test("a rewind of a later turn leaves the earlier ones, and a turn without changes counts by its id", async () => {
	await change("t1", "a.txt", "a1\n");
	await change("t3", "a.txt", "a3\n");
	await checkpoints.restore("s1", "t2");
	expect(await text("a.txt")).toBe("a1\n");
	expect(await checkpoints.restore("s1", "t2")).toEqual({ restoredFiles: [], skipped: [] });
	await checkpoints.restore("s1", "t0");
	expect(await text("a.txt")).toBe("a0\n");
});

test("what somebody else changed, deleted or replaced by a link is left alone and named", async () => {
	for (const name of ["b", "c", "d", "e"]) {
		await writeFile(at(name), `${name}0`);
		await change("t1", name, `${name}1`);
	}
	await writeFile(at("b"), "theirs");
	await rm(at("c"));
	await rm(at("d"));
	await symlink("a.txt", at("d"));
	await writeFile(at("e"), "theirs");
	await change("t2", "e", "e2");
	const { restoredFiles, skipped } = await checkpoints.restore("s1", "t1");
	expect(restoredFiles).toEqual([]);
	expect(skipped.map(({ path: file, reason }) => [path.basename(file), reason])).toEqual([
		["b", "Somebody else changed it since."],
		["c", "Somebody else deleted it since."],
		["d", "It is no longer an ordinary file."],
		["e", "Somebody else changed it between the agent's changes."],
	]);
	expect(await text("b")).toBe("theirs");
	expect(await text("a.txt")).toBe("a0\n");
	await writeFile(at("b"), "b1");
	expect((await checkpoints.restore("s1", "t1")).restoredFiles).toEqual([at("b")]);
});

test("a folder that became a link to elsewhere is not written through", async () => {
	await mkdir(at("sub"));
	await writeFile(at("sub/f"), "f0");
	await change("t1", "sub/f", "f1");
	await mkdir(path.join(folder, "elsewhere"));
	await writeFile(path.join(folder, "elsewhere/f"), "f1");
	await rm(at("sub"), { recursive: true });
	await symlink(path.join(folder, "elsewhere"), at("sub"));
	expect((await checkpoints.restore("s1", "t1")).skipped[0]?.reason).toContain("link to elsewhere");
	expect(await readFile(path.join(folder, "elsewhere/f"), "utf8")).toBe("f1");
});

test("a change that was announced and never made is no reason to stop", async () => {
	await checkpoints.keepBefore("s1", "t1", at("a.txt"), Buffer.from("never written"));
	await change("t2", "a.txt", "a2\n");
	await checkpoints.restore("s1", "t1");
	expect(await text("a.txt")).toBe("a0\n");
});

test("two sessions in one folder do not undo each other's work", async () => {
	await change("t1", "a.txt", "a1\n", "s1");
	await change("u1", "a.txt", "a2\n", "s2");
	expect((await checkpoints.restore("s1", "t1")).skipped).toHaveLength(1);
	await checkpoints.restore("s2", "u1");
	await checkpoints.restore("s1", "t1");
	expect(await text("a.txt")).toBe("a0\n");
});

test("a fork can rewind what its parent did, and the parent stays whole", async () => {
	await change("t1", "a.txt", "a1\n");
	await change("t2", "a.txt", "a2\n");
	await checkpoints.fork("s1", "fork", ["t1", "t2"]);
	await change("f1", "a.txt", "forked\n", "fork");
	await checkpoints.restore("fork", "t2");
	expect(await text("a.txt")).toBe("a1\n");
	await checkpoints.restore("s1", "t1");
	expect(await text("a.txt")).toBe("a0\n");
});

test("what is too large is not kept, and a rewind says so", async () => {
	await checkpoints.close();
	checkpoints = await open({ maxFileBytes: 10 });
	await writeFile(at("big"), "x".repeat(11));
	await change("t1", "big", "small");
	expect((await checkpoints.restore("s1", "t1")).skipped).toEqual([
		{ path: at("big"), reason: "Its earlier content was not kept: it had 11 bytes, more than the limit of 10." },
	]);
});

test("over the limit the oldest contents go and are named, the newest stay", async () => {
	let seconds = 0;
	const now = (): Date => {
		seconds += 1;
		return new Date(seconds * 1000);
	};
	await checkpoints.close();
	checkpoints = await open({ maxBytes: 1000, now });
	for (const name of ["f1", "f2", "f3", "f4"]) {
		await writeFile(at(name), name.repeat(200));
		await change("t1", name, "changed");
	}
	expect(checkpoints.usage()).toEqual({ used: 800, limit: 1000 });
	const { restoredFiles, skipped } = await checkpoints.restore("s1", "t1");
	expect(restoredFiles.map((file) => path.basename(file))).toEqual(["f3", "f4"]);
	expect(skipped[0]?.reason).toContain("limit of space");
});

test("what was kept for a session that is gone for good takes no room", async () => {
	await change("t1", "a.txt", "a1\n");
	await checkpoints.forget("s1");
	expect(checkpoints.usage().used).toBe(0);
	expect(await checkpoints.restore("s1", "t1")).toEqual({ restoredFiles: [], skipped: [] });
});

test("the diff shows what a session made of the files", async () => {
	await change("t1", "a.txt", "a1\n");
	await change("t2", "new.txt", "new\n");
	const diff = await checkpoints.diff("s1", workspace);
	expect(diff).toContain("--- a/a.txt\n+++ b/a.txt\n@@ -1,1 +1,1 @@\n-a0\n+a1\n");
	expect(diff).toContain("--- /dev/null\n+++ b/new.txt\n");
	expect(await checkpoints.diff("s1", workspace, "t2")).not.toContain("a.txt");
	await checkpoints.restore("s1", "t1");
	expect(await checkpoints.diff("s1", workspace)).toBe("");
});

test("a folder cannot be kept, and ids are no paths", async () => {
	await expect(checkpoints.keepBefore("s1", "t1", workspace, null)).rejects.toThrow("no ordinary file");
	await expect(checkpoints.keepBefore("../s1", "t1", at("a.txt"), null)).rejects.toThrow("characters");
});

test("what a crash tore off is cut, and what is damaged is put aside and told", async () => {
	await change("t1", "a.txt", "a1\n");
	await checkpoints.close();
	const log = path.join(folder, "home/sessions/s1.jsonl");
	const whole = await readFile(log, "utf8");
	await writeFile(log, `${whole}{"turnId":"t2","pa`);
	checkpoints = await open();
	await change("t3", "a.txt", "a3\n");
	await checkpoints.restore("s1", "t3");
	expect(await text("a.txt")).toBe("a1\n");
	await checkpoints.close();

	await writeFile(log, "nonsense\n");
	await writeFile(path.join(folder, "home/restores/s1.json"), "nonsense");
	const problems: string[] = [];
	checkpoints = await open({ onProblem: (message) => problems.push(message) });
	expect(await checkpoints.restore("s1", "t1")).toEqual({ restoredFiles: [], skipped: [] });
	expect(problems).toHaveLength(2);
	expect(await readFile(`${log}.damaged`, "utf8")).toBe("nonsense\n");
	await change("t4", "a.txt", "a4\n");
	await checkpoints.restore("s1", "t4");
	expect(await text("a.txt")).toBe("a1\n");
});
