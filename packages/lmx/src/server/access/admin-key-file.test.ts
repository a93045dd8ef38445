import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readOrMakeAdminKey } from "./admin-key-file.ts";

let folder: string;
let file: string;

beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), "opta-key-"));
	file = path.join(folder, "admin-key");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("makes a key once, for its owner only, and finds it again", async () => {
	const made = await readOrMakeAdminKey(file);
	expect(made).toEqual({ key: expect.stringMatching(/^opta-lmx-[\w-]{43}$/), isNew: true });
	expect(statSync(file).mode & 0o777).toBe(0o600);
	chmodSync(file, 0o644);
	expect(await readOrMakeAdminKey(file)).toEqual({ key: made.key, isNew: false });
	expect(statSync(file).mode & 0o777).toBe(0o600);
});

it("makes another key for another host", async () => {
	expect((await readOrMakeAdminKey(file)).key).not.toBe((await readOrMakeAdminKey(path.join(folder, "other"))).key);
});

it("takes no empty or short key from a file", async () => {
	for (const text of ["", "\n", "short"]) {
		writeFileSync(file, text);
		await expect(readOrMakeAdminKey(file)).rejects.toThrow("holds no admin key");
	}
});
