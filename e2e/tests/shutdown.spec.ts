import { processTree, stillRunning } from "@opta/platform/spawned/process-tree";
import { expect, test } from "@playwright/test";
import { runningPlatform } from "../platform/env.ts";

test("Ctrl-C ends every process of the platform", async () => {
	const { pid } = runningPlatform();
	const before = processTree(pid);
	expect(before.length).toBeGreaterThan(10);
	process.kill(pid, "SIGINT");
	await expect.poll(() => stillRunning(before).map(({ command }) => command), { timeout: 30_000 }).toEqual([]);
});
