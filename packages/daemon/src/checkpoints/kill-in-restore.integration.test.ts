import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, watch, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openCheckpoints } from "./open-checkpoints.ts";

const files = 200;
let folder: string;
let workspace: string;
let child: ChildProcess | undefined;

beforeEach(async () => {
	folder = await realpath(await mkdtemp(path.join(os.tmpdir(), "opta-kill-")));
	workspace = path.join(folder, "work");
	await mkdir(workspace);
});

afterEach(async () => {
	child?.kill("SIGKILL");
	await rm(folder, { recursive: true });
});

const options = (): Parameters<typeof openCheckpoints>[0] => ({ folder: path.join(folder, "home"), onProblem: expect.unreachable });
const names = Array.from({ length: files }, (_, index) => `file-${String(index).padStart(3, "0")}`);
const contents = (): Promise<string[]> => Promise.all(names.map((name) => readFile(path.join(workspace, name), "utf8")));

/** Starts a process that rewinds, and kills it when it has put back the first files. */
async function rewindAndKill(): Promise<void> {
	const script = `
		import { openCheckpoints } from ${JSON.stringify(path.join(import.meta.dirname, "open-checkpoints.ts"))};
		const checkpoints = await openCheckpoints({ folder: ${JSON.stringify(path.join(folder, "home"))}, onProblem: console.error });
		await checkpoints.restore("s1", "t1");
	`;
	const changed = watch(workspace)[Symbol.asyncIterator]();
	const seen = changed.next();
	child = spawn(process.execPath, ["--input-type=module-typescript", "-e", script], { stdio: "inherit" });
	const ended = once(child, "exit");
	await seen;
	child.kill("SIGKILL");
	await ended;
	await changed.return?.();
}

test("a rewind that kill -9 cuts off is finished at the next opening: all files, and nothing twice", async () => {
	const first = await openCheckpoints(options());
	for (const name of names) {
		await writeFile(path.join(workspace, name), "before");
		await first.keepBefore("s1", "t1", path.join(workspace, name), Buffer.from("after"));
		await writeFile(path.join(workspace, name), "after");
	}
	await first.close();

	await rewindAndKill();
	expect(await contents()).toContain("after");
	const theirs = path.join(workspace, names.at(-1)!);
	await writeFile(theirs, "theirs");

	const second = await openCheckpoints(options());
	expect(new Set((await contents()).slice(0, -1))).toEqual(new Set(["before"]));
	expect(await readFile(theirs, "utf8")).toBe("theirs");
	expect((await second.restore("s1", "t1")).skipped).toEqual([{ path: theirs, reason: "Somebody else changed it since." }]);
	expect(await readdir(path.join(folder, "home", "restores"))).toEqual([]);
	await second.close();
});
