import { mkdtemp, realpath, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { analyzeCommand } from "./analyze-command.ts";
import { outsidePaths } from "./outside-paths.ts";

async function outside(command: string): Promise<readonly string[]> {
	const workspace = await realpath(await mkdtemp(path.join(tmpdir(), "opta-paths-")));
	onTestFinished(() => rm(workspace, { recursive: true, force: true }));
	await symlink("/etc", path.join(workspace, "link"));
	return await outsidePaths(await analyzeCommand(command), workspace, workspace);
}

test.each([
	["echo x > /etc/passwd", ["/etc/passwd"]],
	["echo x > ../y", ["../y"]],
	["echo x > link/y", ["link/y"]],
	["echo x > $F", ["$F"]],
	["cat ~/.ssh/id", ["~/.ssh/id"]],
	["cp a --target-directory=/etc", ["--target-directory=/etc"]],
	["cd src && echo x > ../y", ["../y"]],
	["cd /etc && ls", ["/etc"]],
	["cat < /etc/passwd", ["/etc/passwd"]],
])("%s leads out of the workspace", async (command, words) => {
	expect(await outside(command)).toEqual(words);
});

test.each(["npm test > log.txt 2>&1", "ls a/../b", "x > /dev/null", "grep -r foo src", "echo $HOMEPAGE", "cd src && make > out"])(
	"%s stays in the workspace",
	async (command) => {
		expect(await outside(command)).toEqual([]);
	},
);
