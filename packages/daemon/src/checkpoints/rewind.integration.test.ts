import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { fileTools } from "../tools/files/file-tools.ts";
import { createPathLocks } from "../tools/files/path-locks.ts";
import { createReadLedger } from "../tools/files/read-ledger.ts";
import { openToolHarness } from "../tools/testing/tool-harness.ts";
import { openCheckpoints } from "./open-checkpoints.ts";

test("whatever the tools made of the files of a turn, a rewind brings back what was there", async () => {
	const harness = await openToolHarness();
	const checkpoints = await openCheckpoints({ folder: path.join(harness.folder, "checkpoints"), onProblem: expect.unreachable });
	const { tools } = fileTools({ ledger: createReadLedger(), locks: createPathLocks() });
	const call = (turnId: string, name: string, input: object) =>
		harness.run(tools.find((tool) => tool.name === name)!, input, {
			turnId,
			keepBefore: (absolute, after) => checkpoints.keepBefore("s1", turnId, absolute, after),
		});
	const text = (name: string): Promise<string> => readFile(path.join(harness.workspace, name), "utf8");
	await writeFile(path.join(harness.workspace, "a.txt"), "\uFEFFone\r\ntwo\r\n");
	await writeFile(path.join(harness.workspace, "b.txt"), "b\n");

	await call("t1", "edit_file", { path: "a.txt", old_string: "one", new_string: "1" });
	await call("t2", "write_file", { path: "src/new.ts", content: "new\n" });
	const patch =
		"*** Begin Patch\n*** Update File: a.txt\n@@\n-two\n+2\n*** Update File: b.txt\n*** Move to: c.txt\n@@\n-b\n+c\n*** Delete File: src/new.ts\n*** End Patch";
	expect((await call("t2", "apply_patch", { patch })).ok).toBe(true);
	expect(await checkpoints.diff("s1", harness.workspace)).toContain("+++ b/c.txt");

	expect((await checkpoints.restore("s1", "t2")).skipped).toEqual([]);
	expect(await readdir(harness.workspace)).toEqual(["a.txt", "b.txt"]);
	expect(await text("a.txt")).toBe("\uFEFF1\r\ntwo\r\n");
	expect((await call("t3", "edit_file", { path: "a.txt", old_string: "two", new_string: "zwei" })).output).toContain("Read it again");
	await call("t3", "read_file", { path: "a.txt" });
	expect((await call("t3", "edit_file", { path: "a.txt", old_string: "two", new_string: "zwei" })).ok).toBe(true);

	expect((await checkpoints.restore("s1", "t1")).skipped).toEqual([]);
	expect(await text("a.txt")).toBe("\uFEFFone\r\ntwo\r\n");
	expect(await text("b.txt")).toBe("b\n");
	await checkpoints.close();
	await harness.close();
});
