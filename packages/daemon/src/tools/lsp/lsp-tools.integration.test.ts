import { chmod, cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Children } from "../../children/children.ts";
import { openChildren } from "../../children/open-children.ts";
import { readProcessTable } from "../../children/process-table.ts";
import { detectSandbox } from "../../sandbox/detect-sandbox.ts";
import { createPathLocks } from "../files/path-locks.ts";
import { createReadLedger } from "../files/read-ledger.ts";
import type { Tool, ToolContext, ToolGroup, ToolOutcome } from "../tool.ts";
import { lspTools } from "./lsp-tools.ts";

const typescript = fileURLToPath(new URL("../../../../../node_modules/typescript", import.meta.url));
const platformPackages = path.join(typescript, "..", "@typescript");
let home: string;
let workspace: string;
let children: Children;
let group: ToolGroup;
let kept: string[];

async function open(sandboxed: boolean): Promise<void> {
	children = await openChildren({
		maxChildren: 4,
		storeFile: path.join(home, "children.json"),
		onProblem: (message) => expect.unreachable(message),
	});
	const sandbox = await detectSandbox({
		platform: "linux",
		enabled: sandboxed,
		userHome: "/nonexistent",
		hidden: [],
		searchPath: "/usr/bin:/bin",
	});
	const environment = { PATH: `${path.join(home, "bin")}:/usr/bin:/bin`, TEST_HOME: home };
	group = lspTools({ children, sandbox, environment, changes: { ledger: createReadLedger(), locks: createPathLocks() } });
}

beforeEach(async () => {
	home = await realpath(await mkdtemp(path.join(tmpdir(), "opta-lsp-test-")));
	workspace = path.join(home, "project");
	kept = [];
	await mkdir(path.join(workspace, "node_modules"), { recursive: true });
	await mkdir(path.join(home, "bin"));
	// Copies, as links could lead below /tmp, which the sandbox has its own of.
	await cp(typescript, path.join(workspace, "node_modules", "typescript"), { recursive: true });
	await cp(platformPackages, path.join(workspace, "node_modules", "@typescript"), { recursive: true });
	await writeFile(path.join(workspace, "tsconfig.json"), '{ "compilerOptions": { "strict": true, "noEmit": true, "types": [] } }');
	await writeFile(
		path.join(workspace, "a.ts"),
		"/** Adds two numbers. */\nexport function add(x: number, y: number): number {\n\treturn x + y;\n}\n",
	);
	await writeFile(
		path.join(workspace, "b.ts"),
		'import { add } from "./a.js";\n\nexport const sum = add(1, 2);\nconst text: string = add(3, 4);\n',
	);
});

afterEach(async () => {
	await group.close();
	await children.close();
	const left = (await readProcessTable("linux", true)).filter((row) => row.text.includes(`TEST_HOME=${home}`));
	expect(left.map((row) => row.pid)).toEqual([]);
	await rm(home, { recursive: true });
});

const tool = (name: string): Tool => group.tools.find((one) => one.name === name)!;

function call(name: string, input: object, over: Partial<ToolContext> = {}): Promise<ToolOutcome> {
	const context = {
		...{ sessionId: "s", workspace, maxOutputBytes: 16_384, signal: new AbortController().signal },
		environment: { PATH: `${path.join(home, "bin")}:/usr/bin:/bin`, TEST_HOME: home },
		keepBefore: (file: string) => Promise.resolve(void kept.push(path.basename(file))),
		...over,
	};
	return tool(name).run(input, context as unknown as ToolContext);
}

for (const sandboxed of [true, false]) {
	test(`TypeScript's own server answers about a project (sandbox ${sandboxed ? "on" : "off"})`, async () => {
		await open(sandboxed);
		expect(await call("lsp_diagnostics", { path: "b.ts" })).toMatchObject({
			ok: true,
			output: expect.stringMatching(/^4:7 error .*2322: Type 'number' is not assignable to type 'string'\.$/m),
		});
		expect((await call("lsp_diagnostics", { path: "a.ts" })).output).toBe("No errors and no warnings.");
		expect((await call("lsp_definition", { path: "b.ts", line: 3, symbol: "add" })).output).toBe(
			"a.ts:2:17  export function add(x: number, y: number): number {",
		);
		expect(
			(await call("lsp_references", { path: "a.ts", line: 2, symbol: "add" })).output.split("\n").map((line) => line.split(" ")[0]),
		).toEqual(["a.ts:2:17", "b.ts:1:10", "b.ts:3:20", "b.ts:4:22"]);
		expect((await call("lsp_symbols", { path: "b.ts" })).output).toContain("3: variable sum");
		expect((await call("lsp_symbols", { path: "b.ts", query: "add" })).output).toContain("a.ts:2");
		expect((await call("lsp_hover", { path: "b.ts", line: 3, symbol: "add" })).output).toContain("Adds two numbers.");
		expect(children.list()).toMatchObject([{ kind: "lsp", name: "tsc", sessionId: null }]);
	});
}

test("what was changed on disk is seen", async () => {
	await open(true);
	await call("lsp_diagnostics", { path: "b.ts" });
	await writeFile(path.join(workspace, "b.ts"), "export const one: number = 1;\n");
	expect((await call("lsp_diagnostics", { path: "b.ts" })).output).toBe("No errors and no warnings.");
});

test("a rename shows its diff first, then changes all files and keeps each before", async () => {
	await open(true);
	await call("lsp_diagnostics", { path: "a.ts" });
	const input = { path: "a.ts", line: 2, symbol: "add", newName: "plus" };
	const access = await tool("lsp_rename").access(input, { workspace });
	expect(access).toMatchObject({
		title: "Rename add to plus in 2 files",
		subjects: ["a.ts", "b.ts"],
		detail: expect.stringContaining("+export function plus"),
	});
	expect(await readFile(path.join(workspace, "a.ts"), "utf8")).toContain("function add");

	expect(await call("lsp_rename", input)).toMatchObject({ ok: true, diff: access.detail });

	expect(await readFile(path.join(workspace, "a.ts"), "utf8")).toContain("function plus");
	expect(await readFile(path.join(workspace, "b.ts"), "utf8")).toContain("sum = plus(1, 2)");
	expect(kept.toSorted()).toEqual(["a.ts", "b.ts"]);
	expect((await call("lsp_definition", { path: "b.ts", line: 3, symbol: "plus" })).output).toContain("a.ts:2");
});

test("a rename of which more files would change than were allowed changes nothing", async () => {
	await open(true);
	await call("lsp_diagnostics", { path: "a.ts" });
	const input = { path: "a.ts", line: 2, symbol: "add", newName: "plus" };
	await tool("lsp_rename").access(input, { workspace });
	await writeFile(path.join(workspace, "c.ts"), 'import { add } from "./a.js";\nexport const c = add(0, 0);\n');
	await call("lsp_diagnostics", { path: "c.ts" });
	expect(await call("lsp_rename", input)).toMatchObject({ ok: false, output: expect.stringContaining("Nothing was changed") });
	expect(await readFile(path.join(workspace, "a.ts"), "utf8")).toContain("function add");
});

test("a rename whose files cannot be kept changes none", async () => {
	await open(true);
	await call("lsp_diagnostics", { path: "a.ts" });
	const input = { path: "a.ts", line: 2, symbol: "add", newName: "plus" };
	await tool("lsp_rename").access(input, { workspace });
	const outcome = await call("lsp_rename", input, { keepBefore: () => Promise.reject(new Error("disk full")) });
	expect(outcome).toMatchObject({ ok: false, output: "disk full" });
	expect(await readFile(path.join(workspace, "b.ts"), "utf8")).toContain("add(1, 2)");
});

test("names that do not stand where they are said to are told", async () => {
	await open(true);
	expect(await call("lsp_definition", { path: "b.ts", line: 2, symbol: "add" })).toMatchObject({
		ok: false,
		output: expect.stringContaining("does not stand in line 2"),
	});
});

test("where no server is installed, it says what to install", async () => {
	await open(true);
	await writeFile(path.join(workspace, "x.py"), "x = 1\n");
	await writeFile(path.join(workspace, "x.txt"), "x\n");
	expect(await call("lsp_diagnostics", { path: "x.py" })).toMatchObject({ ok: false, output: expect.stringContaining("Install pyright") });
	expect(await call("lsp_hover", { path: "x.txt", line: 1 })).toMatchObject({
		ok: false,
		output: expect.stringContaining("No language server is known"),
	});
});

test("without a sandbox a person is asked before code of the project is started", async () => {
	await open(false);
	const input = { path: "b.ts" };
	expect(await tool("lsp_diagnostics").access(input, { workspace })).toMatchObject({
		outsideWorkspace: true,
		title: expect.stringContaining("starts tsc"),
	});
	await expect(tool("lsp_rename").access({ path: "a.ts", line: 2, symbol: "add", newName: "x" }, { workspace })).rejects.toThrow(
		"lsp_diagnostics",
	);
	await call("lsp_diagnostics", input);
	expect(await tool("lsp_diagnostics").access(input, { workspace })).not.toHaveProperty("outsideWorkspace");
});

/** A program that stands for a server on PATH. */
async function program(name: string, script: string): Promise<void> {
	await writeFile(path.join(home, "bin", name), `#!/bin/sh\n${script}\n`);
	await chmod(path.join(home, "bin", name), 0o755);
	await writeFile(path.join(workspace, "main.go"), "package main\n");
}

test("a server that dies at once is told with its last words, and not started for ever", async () => {
	await open(false);
	await program("gopls", "echo 'no go here' >&2; exit 1");
	expect(await call("lsp_diagnostics", { path: "main.go" })).toMatchObject({ ok: false, output: expect.stringContaining("no go here") });
});

test("a server that never answers gives way to a cancel, and is gone at the end with what it started", async () => {
	await open(false);
	await program("gopls", "(setsid sleep 300 &); exec sleep 300");
	const cancel = new AbortController();
	const waiting = call("lsp_diagnostics", { path: "main.go" }, { signal: cancel.signal });
	await expect.poll(() => children.list()).toHaveLength(1);
	cancel.abort();
	expect(await waiting).toEqual({ ok: false, output: "Cancelled." });
});

test("servers end with the last session that used them", async () => {
	await open(true);
	await call("lsp_diagnostics", { path: "a.ts" });
	await call("lsp_diagnostics", { path: "a.ts" }, { sessionId: "other" });
	await group.closeSession("s");
	expect(children.list()).toHaveLength(1);
	await group.closeSession("other");
	expect(children.list()).toEqual([]);
});
