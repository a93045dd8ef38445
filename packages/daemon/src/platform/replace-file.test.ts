import { chmod, lstat, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isDraft, replaceFile } from "./replace-file.ts";

let folder: string;
beforeEach(async () => {
	folder = await mkdtemp(path.join(os.tmpdir(), "opta-replace-"));
});
afterEach(async () => {
	await rm(folder, { recursive: true });
});

test("content and rights are those asked for, and nothing is left beside", async () => {
	const file = path.join(folder, "run.sh");
	await writeFile(file, "old");
	await chmod(file, 0o750);
	await replaceFile(file, "new", { mode: 0o750 });
	expect(await readFile(file, "utf8")).toBe("new");
	expect((await stat(file)).mode & 0o777).toBe(0o750);
	expect(await readdir(folder)).toEqual(["run.sh"]);
});

test("what nobody named rights for is its user's alone, or as the process makes files where that is asked for", async () => {
	await replaceFile(path.join(folder, "own"), "x");
	await replaceFile(path.join(folder, "usual"), "x", { mode: null });
	await writeFile(path.join(folder, "made"), "x");
	const modeOf = async (name: string) => (await stat(path.join(folder, name))).mode & 0o777;
	expect([await modeOf("own"), await modeOf("usual")]).toEqual([0o600, await modeOf("made")]);
});

test("what a crash leaves behind is known by its name, and other files are not", () => {
	expect([".a.jsonl.0123456789ab.tmp", "a.jsonl", "a.tmp", ".a.tmp", ".notes.0123456789ab.tmp.json"].map(isDraft)).toEqual([
		true,
		false,
		false,
		false,
		false,
	]);
});

test("a link is replaced and what it pointed to stays", async () => {
	await writeFile(path.join(folder, "target"), "keep");
	await symlink("target", path.join(folder, "link"));
	await replaceFile(path.join(folder, "link"), Buffer.from("new"));
	expect((await lstat(path.join(folder, "link"))).isSymbolicLink()).toBe(false);
	expect(await readFile(path.join(folder, "target"), "utf8")).toBe("keep");
});

test("a failure leaves no trace", async () => {
	await expect(replaceFile(folder, Buffer.from("x"))).rejects.toThrow();
	await expect(replaceFile(path.join(folder, "no/such/a"), Buffer.from("x"))).rejects.toThrow("ENOENT");
	expect(await readdir(folder)).toEqual([]);
});
