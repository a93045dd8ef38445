import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { locate } from "./locate.ts";

let folder: string;
let workspace: string;

beforeEach(async () => {
	folder = await realpath(await mkdtemp(path.join(os.tmpdir(), "opta-locate-")));
	workspace = path.join(folder, "work");
	await mkdir(path.join(workspace, "src"), { recursive: true });
	await mkdir(path.join(folder, "elsewhere"));
	await writeFile(path.join(folder, "elsewhere", "secret.txt"), "s");
});

afterEach(async () => {
	await rm(folder, { recursive: true });
});

test("a file that does not exist yet is inside by its nearest folder", async () => {
	expect(await locate(workspace, "src/new/deep/a.ts")).toEqual({
		absolute: path.join(workspace, "src/new/deep/a.ts"),
		shown: "src/new/deep/a.ts",
		inside: true,
	});
});

test("a link that leads out is outside, with both names for the rules", async () => {
	await symlink(path.join(folder, "elsewhere"), path.join(workspace, "link"));
	const place = await locate(workspace, "link/secret.txt");
	expect(place.inside).toBe(false);
	expect(place.absolute).toBe(path.join(folder, "elsewhere/secret.txt"));
	expect(place.alias).toBe("link/secret.txt");
	expect((await locate(workspace, "link/new.txt")).inside).toBe(false);
});

test("a link to nothing leads where it points, so that nothing is created through it", async () => {
	await symlink("../elsewhere/new.txt", path.join(workspace, "dangling"));
	expect((await locate(workspace, "dangling")).absolute).toBe(path.join(folder, "elsewhere/new.txt"));
	await symlink("loop", path.join(workspace, "loop"));
	await expect(locate(workspace, "loop")).rejects.toThrow("too many symbolic links");
});

test("a link to a secret is known by the secret's name", async () => {
	await writeFile(path.join(workspace, ".env"), "KEY=1");
	await symlink(".env", path.join(workspace, "notes.txt"));
	expect(await locate(workspace, "notes.txt")).toMatchObject({ shown: ".env", alias: "notes.txt", inside: true });
});

test("climbing out and files used as folders are told", async () => {
	expect((await locate(workspace, "../elsewhere/secret.txt")).inside).toBe(false);
	await writeFile(path.join(workspace, "file"), "");
	await expect(locate(workspace, "file/x")).rejects.toThrow("not a folder");
});
