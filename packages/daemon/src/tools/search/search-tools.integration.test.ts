import { mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openToolHarness, type ToolHarness } from "../testing/tool-harness.ts";
import { globTool } from "./glob.ts";
import { grepTool } from "./grep.ts";

let harness: ToolHarness;
const glob = globTool();
const grep = grepTool("/nowhere");

async function put(name: string, content: string | Buffer): Promise<void> {
	const file = path.join(harness.workspace, name);
	await mkdir(path.dirname(file), { recursive: true });
	await writeFile(file, content);
}

beforeEach(async () => {
	harness = await openToolHarness();
	await mkdir(path.join(harness.workspace, ".git"));
	await put(".gitignore", "ignored/\n*.log\n");
	await put("src/b.ts", "const needle = 1;\nother\nneedle again\n");
	await put("src/a.ts", "nothing\n");
	await put("src/deep/c.test.ts", "x\n");
	await put("ignored/needle.ts", "needle\n");
	await put("debug.log", "needle\n");
});

afterEach(() => harness.close());

test("glob finds files by path, sorted, without what Git ignores", async () => {
	expect((await harness.run(glob, { pattern: "*.ts" })).output).toBe("src/a.ts\nsrc/b.ts\nsrc/deep/c.test.ts");
	expect((await harness.run(glob, { pattern: "src/*.ts" })).output).toBe("src/a.ts\nsrc/b.ts");
	expect((await harness.run(glob, { pattern: "**/*.test.ts", path: "src" })).output).toBe("src/deep/c.test.ts");
	expect((await harness.run(glob, { pattern: "*.log" })).output).toContain("No file matches");
	const few = await harness.run(glob, { pattern: "*.ts", limit: 1 });
	expect(few).toMatchObject({ truncated: true });
	expect(few.output).toContain("More than 1 files");
	expect((await harness.run(glob, { pattern: "../*" })).ok).toBe(false);
});

test("grep shows lines under their file, with lines around them where asked", async () => {
	expect((await harness.run(grep, { pattern: "needle" })).output).toBe("src/b.ts\n1:const needle = 1;\n3:needle again");
	expect((await harness.run(grep, { pattern: "other", context: 1 })).output).toBe("src/b.ts\n1-const needle = 1;\n2:other\n3-needle again");
	expect((await harness.run(grep, { pattern: "NEEDLE", ignore_case: true, files_only: true })).output).toBe("src/b.ts");
	expect((await harness.run(grep, { pattern: "needle", path: "src/b.ts", limit: 1 })).output).toContain("Stopped after 1 matches");
	expect((await harness.run(grep, { pattern: "1;\nother", multiline: true })).output).toBe("src/b.ts\n1:const needle = 1;\n2:other");
	expect((await harness.run(grep, { pattern: "(?<=const )needle" })).output).toContain("1:");
	expect((await harness.run(grep, { pattern: "absent" })).output).toContain("Nothing in .");
});

test("a pattern that is wrong is told in ripgrep's words, and one that looks like a flag is a pattern", async () => {
	const wrong = await harness.run(grep, { pattern: "(" });
	expect(wrong.ok).toBe(false);
	expect(wrong.output).toContain("unclosed group");
	await put("flags.txt", "use --files here\n");
	expect((await harness.run(grep, { pattern: "--files" })).output).toContain("flags.txt");
	await put("-e.txt", "dash\n");
	expect((await harness.run(grep, { pattern: "dash", path: "-e.txt" })).output).toBe("-e.txt\n1:dash");
});

test("a search through a folder shows no secrets, unless their file is named", async () => {
	await put(".env", "needle=secret\n");
	await put("certs/server.key", "needle key\n");
	const wide = await harness.run(grep, { pattern: "needle", hidden: true });
	expect(wide.output).not.toContain("secret\n");
	expect(wide.output).not.toContain("server.key");
	expect(wide.output).toContain("2 files that may hold secrets");
	expect((await harness.access(grep, { pattern: "x", path: ".env" })).subjects).toEqual([".env"]);
	expect((await harness.run(grep, { pattern: "needle", path: ".env" })).output).toContain("needle=secret");
});

test("a search around Opta's own folder shows nothing of it", async () => {
	await put("opta/config.json", "needle\n");
	const outcome = await harness.run(grepTool(path.join(harness.workspace, "opta")), { pattern: "needle" });
	expect(outcome.output).not.toContain("config.json");
	expect(outcome.output).toContain("src/b.ts");
});

test("long lines are cut, other encodings are read, and what is too much says so", async () => {
	await put("long.txt", `needle${"x".repeat(5000)}\n`);
	await put("latin.txt", Buffer.from("needle gr\xfcn\n", "latin1"));
	const { output } = await harness.run(grep, { pattern: "needle" });
	expect(output).toContain("more characters]");
	expect(output).toContain("needle grün");
	await put("many.txt", "needle\n".repeat(2000));
	const much = await harness.run(grep, { pattern: "needle", limit: 2000 }, { maxOutputBytes: 2000 });
	expect(Buffer.byteLength(much.output)).toBeLessThanOrEqual(2000);
	expect(much.truncated).toBe(true);
});

test("links out of the workspace are not followed, and a search there is asked for", async () => {
	await mkdir(path.join(harness.folder, "elsewhere"));
	await writeFile(path.join(harness.folder, "elsewhere/n.ts"), "needle\n");
	await symlink(path.join(harness.folder, "elsewhere"), path.join(harness.workspace, "link"));
	expect((await harness.run(grep, { pattern: "needle" })).output).not.toContain("link");
	expect(await harness.access(grep, { pattern: "needle", path: "link" })).toMatchObject({ outsideWorkspace: true });
	expect((await harness.run(glob, { pattern: "x", path: "missing" })).ok).toBe(false);
});

test("a cancelled search leaves no process and rejects", async () => {
	const controller = new AbortController();
	await put("fifo-like.txt", "needle\n".repeat(200_000));
	const running = harness.run(grep, { pattern: "nomatch(.*)*x", limit: 2000 }, { signal: controller.signal });
	controller.abort();
	await expect(running).rejects.toThrow("abort");
});
