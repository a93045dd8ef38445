import { execFileSync, spawnSync } from "node:child_process";
import { chmod, mkdir, readdir, readFile, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openToolHarness, type ToolHarness } from "../testing/tool-harness.ts";
import type { Tool, ToolOutcome } from "../tool.ts";
import { fileTools } from "./file-tools.ts";
import { createPathLocks } from "./path-locks.ts";
import { createReadLedger } from "./read-ledger.ts";

let harness: ToolHarness;
let tools: Readonly<Record<string, Tool>>;

const at = (name: string): string => path.join(harness.workspace, name);
const put = (name: string, content: string | Buffer): Promise<void> => writeFile(at(name), content);
const text = (name: string): Promise<string> => readFile(at(name), "utf8");
const call = (name: string, input: object): Promise<ToolOutcome> => harness.run(tools[name]!, input);
const edit = (file: string, old_string: string, new_string: string): Promise<ToolOutcome> =>
	call("edit_file", { path: file, old_string, new_string });

beforeEach(async () => {
	harness = await openToolHarness();
	const group = fileTools({ ledger: createReadLedger(), locks: createPathLocks() });
	tools = Object.fromEntries(group.tools.map((tool) => [tool.name, tool]));
});
afterEach(() => harness.close());

test("a file is read with numbers, in parts, with the way to the rest", async () => {
	await put("a.txt", Array.from({ length: 30 }, (_, index) => `line ${index + 1}`).join("\r\n"));
	expect((await call("read_file", { path: "a.txt", offset: 9, limit: 2 })).output).toBe(
		" 9\tline 9\n10\tline 10\n[Lines 9–10 of 30. Read on with offset 11.]",
	);
	expect((await call("read_file", { path: "a.txt", offset: 99 })).output).toBe("a.txt has 30 lines; there is no line 99.");
	const small = await harness.run(tools.read_file!, { path: "a.txt" }, { maxOutputBytes: 500 });
	expect(small.truncated).toBe(true);
	expect(small.output).toMatch(/\[Lines 1–\d+ of 30\. Read on with offset \d+\.\]$/);
	await put("empty", "");
	expect((await call("read_file", { path: "empty" })).output).toBe("empty is empty.");
	await put("latin", Buffer.from("gr\xfcn", "latin1"));
	expect((await call("read_file", { path: "latin" })).output).toContain("grün\n[Stored as a one-byte encoding");
	await put("wide", Buffer.from("\uFEFFgrün\n", "utf16le"));
	expect((await call("read_file", { path: "wide" })).output).toContain("1\tgrün");
});

test("a file of many gigabytes is read where asked, without holding it", async () => {
	await put("huge", `${"first lines\n".repeat(1000)}`);
	await truncate(at("huge"), 8 * 1024 ** 3);
	const outcome = await call("read_file", { path: "huge", offset: 2, limit: 2 });
	expect(outcome.output).toBe("2\tfirst lines\n3\tfirst lines\n[Lines 2–3. Read on with offset 4.]");
	expect((await edit("huge", "first", "x")).output).toContain("files of more than 8388608 bytes cannot be changed");
});

test("images, pipes, devices, sockets and folders are refused at once, with the reason", async () => {
	await put("picture.png", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]));
	expect((await call("read_file", { path: "picture.png" })).output).toContain("a PNG image of 10 bytes. Tools answer with text only");
	execFileSync("sh", ["-c", 'mkfifo "$0"', at("pipe")]);
	expect((await call("read_file", { path: "pipe" })).output).toBe("pipe is a named pipe, not a file.");
	expect((await call("write_file", { path: "pipe", content: "x" })).output).toContain("pipe");
	expect((await call("read_file", { path: "/dev/zero" })).output).toContain("a device, not a file");
	const server = createServer().listen(at("socket"));
	await new Promise((resolve) => server.once("listening", resolve));
	expect((await call("write_file", { path: "socket", content: "x" })).output).toContain("not a file");
	server.close();
	expect((await call("read_file", { path: "." })).output).toContain("Use list_dir");
	expect((await call("read_file", { path: "missing" })).output).toBe("missing: there is no such file or folder.");
});

test("writing makes folders, keeps rights, encoding and line ends, and shows what changed", async () => {
	const made = await call("write_file", { path: "deep/er/new.txt", content: "hello\n" });
	expect(made).toMatchObject({ ok: true, output: "Created deep/er/new.txt (6 bytes)." });
	expect(made.diff).toContain("+++ b/deep/er/new.txt\n@@ -0,0 +1,1 @@\n+hello");
	await put("run.sh", "\uFEFFone\r\ntwo\r\n");
	await chmod(at("run.sh"), 0o755);
	await call("write_file", { path: "run.sh", content: "one\n2\n" });
	expect(await text("run.sh")).toBe("\uFEFFone\r\n2\r\n");
	expect((await stat(at("run.sh"))).mode & 0o777).toBe(0o755);
	expect((await call("write_file", { path: "run.sh", content: "one\n2\n" })).output).toContain("already has exactly this content");
	expect(harness.kept).toEqual([at("deep/er/new.txt"), at("run.sh")]);
	expect(await readdir(harness.workspace)).toEqual(["deep", "run.sh"]);
});

test("an edit changes what it names, and the person sees the diff before it is made", async () => {
	await put("a.ts", "const a = 1;\r\nconst b = 2;\r\n");
	const input = { path: "a.ts", old_string: "const b = 2;", new_string: "const b = 3;" };
	const access = await harness.access(tools.edit_file!, input);
	expect(access.detail).toContain("-const b = 2;\r\n+const b = 3;\r\n");
	expect(await text("a.ts")).toContain("b = 2");
	expect(await call("edit_file", input)).toMatchObject({ ok: true, output: "Edited a.ts." });
	expect(await text("a.ts")).toBe("const a = 1;\r\nconst b = 3;\r\n");
	await expect(harness.access(tools.edit_file!, { ...input, old_string: "const c = 2;" })).rejects.toThrow("Lines 1–1");
	expect(
		(
			await call("multi_edit", {
				path: "a.ts",
				edits: [
					{ old_string: "a = 1", new_string: "a = 9" },
					{ old_string: "zz", new_string: "" },
				],
			})
		).output,
	).toContain("No edit was applied");
	expect(await text("a.ts")).toContain("a = 1");
});

test("a file that changed since it was read is not overwritten until it is read again", async () => {
	await put("a.txt", "one\n");
	await call("read_file", { path: "a.txt" });
	await put("a.txt", "one\ntheirs\n");
	expect((await edit("a.txt", "one", "1")).output).toContain("changed by somebody else since you read it");
	expect(await text("a.txt")).toBe("one\ntheirs\n");
	await call("read_file", { path: "a.txt" });
	expect((await edit("a.txt", "one", "1")).ok).toBe(true);
	expect((await edit("a.txt", "theirs", "t")).ok).toBe(true);
	expect(harness.kept).toHaveLength(2);
});

test("eight edits of one file at once all arrive", async () => {
	const words = Array.from({ length: 8 }, (_, index) => `word${index};`);
	await put("a.txt", words.join("\n"));
	await Promise.all(words.map((word, index) => edit("a.txt", word, `done${index};`)));
	expect(await text("a.txt")).toBe(words.map((_, index) => `done${index};`).join("\n"));
});

test("a patch changes, creates, moves and deletes several files, or none of them", async () => {
	await put("a.txt", "one\ntwo\n");
	await put("old.txt", "x\n");
	await put("gone.txt", "x\n");
	const patch = (last: string): string =>
		`*** Begin Patch\n*** Update File: a.txt\n@@\n-two\n+2\n*** Add File: sub/new.txt\n+new\n*** Update File: old.txt\n*** Move to: moved.txt\n@@\n-x\n+y\n*** Delete File: ${last}\n*** End Patch`;
	const refused = await call("apply_patch", { patch: patch("missing.txt") });
	expect(refused.output).toContain("missing.txt does not exist");
	expect(await readdir(harness.workspace)).toEqual(["a.txt", "gone.txt", "old.txt"]);
	expect(await text("a.txt")).toBe("one\ntwo\n");
	expect((await harness.access(tools.apply_patch!, { patch: patch("gone.txt") })).subjects).toEqual([
		"a.txt",
		"sub/new.txt",
		"old.txt",
		"moved.txt",
		"gone.txt",
	]);
	const applied = await call("apply_patch", { patch: patch("gone.txt") });
	expect(applied.output).toBe("Changed a.txt\nCreated sub/new.txt\nCreated moved.txt\nDeleted old.txt\nDeleted gone.txt");
	expect(await readdir(harness.workspace)).toEqual(["a.txt", "moved.txt", "sub"]);
	expect([await text("a.txt"), await text("moved.txt"), await text("sub/new.txt")]).toEqual(["one\n2\n", "y\n", "new\n"]);
	expect(harness.kept).toHaveLength(5);
});

test("a write that fails in the middle puts the others back", async () => {
	await put("a.txt", "one\n");
	const keepBefore = async (absolute: string): Promise<void> => {
		if (absolute.endsWith("c.txt")) {
			await symlink("nowhere", at("sub"));
		}
	};
	const patch = "*** Begin Patch\n*** Update File: a.txt\n@@\n-one\n+1\n*** Add File: sub/c.txt\n+c\n*** End Patch";
	const outcome = await harness.run(tools.apply_patch!, { patch }, { keepBefore });
	expect(outcome.ok).toBe(false);
	expect(await text("a.txt")).toBe("one\n");
});

test("what cannot be kept for a rewind is not changed", async () => {
	await put("a.txt", "one\n");
	const keepBefore = (): Promise<void> => Promise.reject(Object.assign(new Error("ENOSPC"), { code: "ENOSPC" }));
	const outcome = await harness.run(tools.edit_file!, { path: "a.txt", old_string: "one", new_string: "1" }, { keepBefore });
	expect(outcome).toMatchObject({ ok: false, output: "a.txt: the disk is full. Nothing was changed; free some space and try again." });
	expect(await text("a.txt")).toBe("one\n");
});

test("where the system lets no more be written, the old file stays whole and nothing is left beside it", async () => {
	await put("a.txt", "old\n");
	const script = `
		import { fileTools } from ${JSON.stringify(path.join(import.meta.dirname, "file-tools.ts"))};
		import { createPathLocks } from ${JSON.stringify(path.join(import.meta.dirname, "path-locks.ts"))};
		import { createReadLedger } from ${JSON.stringify(path.join(import.meta.dirname, "read-ledger.ts"))};
		const { tools } = fileTools({ ledger: createReadLedger(), locks: createPathLocks() });
		const context = { sessionId: "s", workspace: process.cwd(), signal: new AbortController().signal, keepBefore: async () => undefined };
		const outcome = await tools[1].run({ path: "a.txt", content: "x".repeat(100_000) }, context);
		process.stdout.write(JSON.stringify(outcome));
	`;
	const limited = spawnSync("bash", ["-c", 'ulimit -f 16; exec "$0" --input-type=module-typescript -e "$1"', process.execPath, script], {
		cwd: harness.workspace,
		encoding: "utf8",
	});
	expect(JSON.parse(limited.stdout)).toEqual({
		ok: false,
		output: "a.txt: the file would be larger than the system allows. Nothing was changed.",
	});
	expect(await text("a.txt")).toBe("old\n");
	expect(await readdir(harness.workspace)).toEqual(["a.txt"]);
});

test("a folder is listed with sizes and links, as deep as asked and no deeper than is good", async () => {
	await mkdir(at("src/deep"), { recursive: true });
	await mkdir(at("node_modules/x"), { recursive: true });
	await put("src/deep/a.ts", "12345");
	await put(".hidden", "");
	await symlink("/etc/passwd", at("link"));
	execFileSync("sh", ["-c", 'mkfifo "$0"', at("pipe")]);
	expect((await call("list_dir", {})).output).toBe(".hidden (0 bytes)\nlink -> /etc/passwd\nnode_modules/\npipe (not a file)\nsrc/");
	expect((await call("list_dir", { depth: 3 })).output).toContain("node_modules/\npipe (not a file)\nsrc/\n  deep/\n    a.ts (5 bytes)");
	expect((await call("list_dir", { path: "src/deep/a.ts" })).ok).toBe(false);
	expect((await harness.access(tools.list_dir!, { path: "/etc" })).outsideWorkspace).toBe(true);
});
