import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { build } from "@opta/contracts/build";
import { startLmxProcess } from "@opta/daemon/testing/lmx-process";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { type CliBench, startCliBench } from "../src/testing/cli-process.ts";
import { openTerminal } from "../src/testing/cli-terminal.ts";
import { buildPackage } from "./build-package.ts";

const run = promisify(execFile);
const installTimeoutMs = 180_000;
let folder: string;
let bench: CliBench;

/** Installs the tarball as a stranger would: into an empty folder, its dependencies from the registry or npm's cache. */
beforeAll(async () => {
	folder = await mkdtemp(path.join(tmpdir(), "opta-package-"));
	const built = await buildPackage();
	await run("npm", ["pack", "--pack-destination", folder], { cwd: built });
	const tarball = (await readdir(folder)).find((name) => name.endsWith(".tgz")) ?? "";
	await run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", path.join(folder, tarball)], {
		cwd: folder,
		timeout: installTimeoutMs,
	});
	bench = await startCliBench([path.join(folder, "node_modules", "opta-cli", "opta.js")]);
}, installTimeoutMs + 60_000);
afterAll(async () => {
	await bench?.close();
	await rm(folder, { recursive: true, force: true });
});

it("runs as `opta` where nothing else of the platform is", async () => {
	const { stdout } = await run(path.join(folder, "node_modules", ".bin", "opta"), ["--version"]);
	expect(stdout).toBe(`${build}\n`);
	expect((await stat(path.join(folder, "node_modules", "opta-cli"))).isSymbolicLink()).toBe(false);
	await expect(stat(path.join(folder, "node_modules", "@opta"))).rejects.toThrow();
});

it("completes a turn with tools against a model", async () => {
	bench.model.reply(
		{ call: "run_command", arguments: { command: "echo from the shell" } },
		{ call: "grep", arguments: { pattern: "anything" } },
	);
	bench.model.reply({ text: "The shell answered." });
	const { code, stdout, stderr } = await bench.run(["do", "--stream-json", "--mode", "auto", "ask the shell"]);
	expect({ code, stderr }).toMatchObject({ code: 0 });
	const lines = stdout
		.trim()
		.split("\n")
		.map((line) => JSON.parse(line));
	expect(lines.at(-1)).toMatchObject({ type: "result", ok: true, text: "The shell answered.", toolCalls: 2 });
	expect(lines.filter(({ type }) => type === "tool_result").map(({ name, ok }) => [name, ok])).toEqual(
		expect.arrayContaining([
			["run_command", true],
			["grep", true],
		]),
	);
	expect(lines.find(({ name, type }) => type === "tool_result" && name === "run_command").output).toContain("from the shell");
});

it("completes a turn against a running LMX", async () => {
	const lmx = await startLmxProcess("--model", path.resolve(import.meta.dirname, "../../lmx/models/stories260K.gguf"));
	onTestFinished(lmx.stop);
	const own = await startCliBench(bench.program);
	onTestFinished(own.close);
	const environment = { OPTA_CONNECTION_HOST: lmx.host, OPTA_CONNECTION_PORT: String(lmx.port) };
	const { code, stdout } = await own.run(["do", "--json", "--no-stdin", "Once upon a time"], { environment });
	// A story of the smallest model ends by itself or with its window.
	expect([0, 6]).toContain(code);
	expect(JSON.parse(stdout)).toMatchObject({ provider: "lmx", model: "stories260k", error: null, text: expect.stringMatching(/\w/) });
});

it("opens a chat on a terminal", async () => {
	bench.model.reply({ text: "Hello from the package." });
	const terminal = openTerminal(bench, ["chat", "hello"]);
	await terminal.saw("Hello from the package.");
	terminal.write("/quit\r");
	expect(await terminal.exit).toBe(0);
});

it("keeps its daemon apart, and stops it", async () => {
	const status = JSON.parse((await bench.run(["daemon", "status", "--json"])).stdout);
	expect(status).toMatchObject({ running: true, home: bench.home });
	expect((await bench.run(["daemon", "stop"])).code).toBe(0);
	expect((await bench.run(["daemon", "status"])).code).toBe(4);
});
