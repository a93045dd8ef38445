import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { listWorkspaceFiles } from "./workspace-files.ts";

it("lists the files of a project without those it ignores, short names first", async () => {
	const folder = await mkdtemp(path.join(os.tmpdir(), "opta-files-"));
	await mkdir(path.join(folder, ".git"));
	await mkdir(path.join(folder, "src"));
	for (const [file, text] of Object.entries({ ".gitignore": "built\n", built: "", "src/main.ts": "", "a b.md": "", ".git/HEAD": "" })) {
		await writeFile(path.join(folder, file), text);
	}
	expect(await listWorkspaceFiles(folder, new AbortController().signal)).toEqual(["a b.md", ".gitignore", "src/main.ts"]);
	await rm(folder, { recursive: true });
});
