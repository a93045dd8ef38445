import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { findProgram } from "./find-program.ts";

test("a program is found in absolute folders only, and only where it can be run", async () => {
	const folder = await mkdtemp(path.join(os.tmpdir(), "opta-program-"));
	for (const name of ["text", "program", "folder"]) {
		await mkdir(path.join(folder, name));
	}
	await writeFile(path.join(folder, "text/git"), "");
	await mkdir(path.join(folder, "folder/git"));
	await writeFile(path.join(folder, "program/git"), "");
	await chmod(path.join(folder, "text/git"), 0o644);
	await chmod(path.join(folder, "program/git"), 0o755);
	const search = ["", ".", "bin", path.join(folder, "text"), path.join(folder, "folder"), path.join(folder, "program")].join(":");
	expect(await findProgram("git", { PATH: search }, "linux")).toBe(path.join(folder, "program/git"));
	expect(await findProgram("git", { PATH: `.:${path.join(folder, "none")}` }, "linux")).toBeNull();
	expect(await findProgram("git", {}, "linux")).toBeNull();
	await rm(folder, { recursive: true });
});
