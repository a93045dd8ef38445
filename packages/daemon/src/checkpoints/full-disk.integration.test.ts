import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { openCheckpoints } from "./open-checkpoints.ts";

/** Files of the process may have so many blocks of 512 or 1024 bytes: past it, writes fail as on a full disk. */
const maxBlocks = 40;

test("what cannot be kept is refused, leaves nothing behind, and harms nothing that is kept", async () => {
	const folder = await realpath(await mkdtemp(path.join(os.tmpdir(), "opta-full-")));
	const store = path.join(folder, "store");
	await writeFile(path.join(folder, "small"), "small before");
	await writeFile(path.join(folder, "large"), "x".repeat(100_000));
	const script = `
		import { writeFileSync } from "node:fs";
		import { openCheckpoints } from ${JSON.stringify(path.join(import.meta.dirname, "open-checkpoints.ts"))};
		const checkpoints = await openCheckpoints({ folder: "store", onProblem: console.error });
		const keep = (name) => checkpoints.keepBefore("s1", "t1", process.cwd() + "/" + name, Buffer.from("after"));
		const refused = await keep("large").then(() => "kept", (error) => error.code);
		await keep("small");
		writeFileSync("small", "after");
		process.stdout.write(refused);
		process.kill(process.pid, "SIGKILL");
	`;
	const { stdout, stderr } = spawnSync(
		"sh",
		["-c", `ulimit -f ${maxBlocks}; exec "$0" --input-type=module-typescript -e "$1"`, process.execPath, script],
		{
			cwd: folder,
			encoding: "utf8",
		},
	);
	expect([stdout, stderr]).toEqual(["EFBIG", ""]);
	const names = await readdir(path.join(store, "contents"), { recursive: true });
	expect(names.filter((name) => name.endsWith(".tmp"))).toEqual([]);

	const checkpoints = await openCheckpoints({ folder: store, onProblem: expect.unreachable });
	expect(await checkpoints.restore("s1", "t1")).toEqual({ restoredFiles: [path.join(folder, "small")], skipped: [] });
	expect(await readFile(path.join(folder, "small"), "utf8")).toBe("small before");
	await checkpoints.close();
	await rm(folder, { recursive: true });
});
