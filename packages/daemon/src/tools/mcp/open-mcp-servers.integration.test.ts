import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { McpServerConfig } from "@opta/contracts/schema/opta-config";
import { openFileStore } from "@opta/vault/pull/file-store";
import { fetch as undiciFetch } from "undici";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import type { Children } from "../../children/children.ts";
import { openChildren } from "../../children/open-children.ts";
import { readProcessTable } from "../../children/process-table.ts";
import type { Tool, ToolContext, ToolOutcome } from "../tool.ts";
import { type McpServers, openMcpServers } from "./open-mcp-servers.ts";
import { startHttpServer } from "./testing/http-server.ts";

let home: string;
let children: Children;
let servers: McpServers | null;
const problems: string[] = [];
const script = fileURLToPath(new URL("./testing/stdio-server.ts", import.meta.url));

const stdio = (...habits: string[]): McpServerConfig => ({
	command: process.execPath,
	args: [script, ...habits],
	env: { GIVEN: `\${SECRET}` },
	enabled: true,
});
const running = async () =>
	(await readProcessTable("linux", true)).filter((row) => row.text.includes(`TEST_HOME=${home}`)).map((row) => row.pid);

beforeEach(async () => {
	home = await mkdtemp(path.join(tmpdir(), "opta-mcp-"));
	children = await openChildren({
		maxChildren: 4,
		storeFile: path.join(home, "children.json"),
		onProblem: (message) => problems.push(message),
	});
	servers = null;
});

afterEach(async () => {
	await servers?.close();
	expect(await running()).toEqual([]);
	expect(children.list()).toEqual([]);
	await children.close();
	await rm(home, { recursive: true });
	problems.length = 0;
});

async function open(configs: Record<string, McpServerConfig>): Promise<McpServers> {
	servers = await openMcpServers({
		servers: configs,
		children,
		fetch: undiciFetch,
		environment: { PATH: "/usr/bin:/bin", SECRET: "s3cret", TEST_HOME: home },
		secrets: () => Promise.resolve(openFileStore(path.join(home, "secrets.json"))),
		stateFolder: home,
		onProblem: (server, message) => problems.push(`${server}: ${message}`),
	});
	return servers;
}

const find = (name: string): Tool => servers!.tools().find((one) => one.name === name)!;

function call(tool: Tool, input: object, over: Partial<ToolContext> = {}): Promise<ToolOutcome> {
	const context = {
		signal: new AbortController().signal,
		maxOutputBytes: 8192,
		onOutput: () => undefined,
		ask: () => Promise.resolve(null),
		...over,
	};
	return tool.run(input, context as ToolContext);
}

test("a server's tools are listed in one order, called, and known after a restart without starting it", async () => {
	const { connect, status } = await open({ test: stdio() });
	expect(servers!.tools()).toEqual([]);
	await connect();
	const names = servers!.tools().map((tool) => tool.name);
	expect(names).toEqual([
		"mcp__test__die",
		"mcp__test__echo",
		"mcp__test__flood",
		"mcp__test__grow",
		"mcp__test__hang",
		expect.stringMatching(/^mcp__test__odd_name__[0-9a-f]{8}$/),
	]);
	expect(find("mcp__test__echo")).toMatchObject({ server: "test", kind: "execute", inputJsonSchema: { type: "object" } });
	expect(await call(find("mcp__test__echo"), { text: "hi" })).toMatchObject({ ok: true, output: expect.stringMatching(/^hi s3cret \d+$/) });
	expect(status()).toEqual([{ name: "test", state: "ready", problem: null, tools: 6 }]);
	await servers!.close();
	expect(await running()).toEqual([]);

	await open({ test: stdio() });
	expect(servers!.tools().map((tool) => tool.name)).toEqual(names);
	expect(servers!.status()).toMatchObject([{ state: "off" }]);
	expect(children.list()).toEqual([]);
	expect((await call(find("mcp__test__echo"), { text: "again" })).output).toContain("again");
});

test("a changed configuration makes the tools unknown again", async () => {
	await (await open({ test: stdio() })).connect();
	await servers!.close();
	await open({ test: stdio("deaf") });
	expect(servers!.tools()).toEqual([]);
});

test("the whole tree of a server is gone after close, though it ignores requests and left its group", async () => {
	await (await open({ test: stdio("grandchildren", "deaf") })).connect();
	await expect.poll(async () => (await running()).length).toBeGreaterThanOrEqual(3);
	await servers!.close();
	expect(await running()).toEqual([]);
});

test("a server that dies in the middle of a call is told with its last words, and started again for the next", async () => {
	await (await open({ test: stdio("grandchildren") })).connect();
	const outcome = await call(find("mcp__test__die"), {});
	expect(outcome).toMatchObject({ ok: false, output: expect.stringContaining("out of luck") });
	expect(servers!.status()).toMatchObject([{ state: "failed" }]);
	expect(await call(find("mcp__test__echo"), { text: "back" })).toMatchObject({ ok: true });
	expect(servers!.status()).toMatchObject([{ state: "ready", problem: null }]);
});

test("a call that is never answered ends with a cancel, and the server can be used on", async () => {
	await (await open({ test: stdio() })).connect();
	const cancel = new AbortController();
	const waiting = call(find("mcp__test__hang"), {}, { signal: cancel.signal });
	await call(find("mcp__test__echo"), { text: "meanwhile" });
	cancel.abort();
	expect(await waiting).toEqual({ ok: false, output: "test: Cancelled." });
	expect((await call(find("mcp__test__echo"), { text: "on" })).ok).toBe(true);
});

test("a server that cannot start fails with its last words, of which little is kept, and pauses grow", async () => {
	await (await open({ bad: stdio("broken") })).connect();
	expect(servers!.status()).toMatchObject([{ state: "failed", problem: expect.stringContaining("no such database") }]);
	expect(servers!.status()[0]!.problem!.length).toBeLessThan(3000);
	expect(problems[0]).toContain("bad: ");
});

test("long answers are cut with a note", async () => {
	await (await open({ test: stdio() })).connect();
	const outcome = await call(find("mcp__test__flood"), {});
	expect(outcome.truncated).toBe(true);
	expect(Buffer.byteLength(outcome.output)).toBeLessThanOrEqual(8192);
	expect(outcome.output).toContain("characters are left out here");
});

test("a list of tools that was taken does not change when the server's does; the next one has the new tool", async () => {
	await (await open({ test: stdio() })).connect();
	const taken = servers!.tools();
	const before = taken.map((tool) => tool.name);
	await call(find("mcp__test__grow"), {});
	await expect.poll(() => servers!.tools().map((tool) => tool.name)).toContain("mcp__test__a_new_one");
	expect(taken.map((tool) => tool.name)).toEqual(before);
});

test("a missing variable is named, a disabled server is off", async () => {
	await (
		await open({ a: { ...stdio(), env: { X: `\${NOT_SET}` } } as McpServerConfig, b: { ...stdio(), enabled: false } as McpServerConfig })
	).connect();
	expect(servers!.status()).toMatchObject([
		{ name: "a", state: "failed", problem: expect.stringContaining("NOT_SET") },
		{ name: "b", state: "off" },
	]);
});

test("a server over HTTP gets its headers", async () => {
	const server = await startHttpServer(false);
	onTestFinished(server.close);
	await (await open({ web: { url: server.url, headers: { "x-key": `\${SECRET}` }, enabled: true } })).connect();
	expect(find("mcp__web__where").kind).toBe("network");
	expect(await call(find("mcp__web__where"), {})).toMatchObject({ ok: true, output: "key s3cret" });
});

test("a server that needs a sign-in offers only that; after it the tools are there, also for the next daemon", async () => {
	const server = await startHttpServer(true);
	onTestFinished(server.close);
	const config: Record<string, McpServerConfig> = { web: { url: server.url, headers: {}, enabled: true } };
	await (await open(config)).connect();
	expect(servers!.status()).toMatchObject([{ state: "needs_sign_in", tools: 0 }]);
	expect(servers!.tools().map((tool) => tool.name)).toEqual(["mcp__web__sign_in"]);

	// The person opens the page that they are shown, which comes back to the daemon.
	const ask = async (question: string) => {
		const page = await fetch(question.split("\n")[1]!);
		expect(await page.text()).toContain("You are signed in");
		return "Done";
	};
	expect(await call(find("mcp__web__sign_in"), {}, { ask })).toMatchObject({ ok: true });
	expect(servers!.tools().map((tool) => tool.name)).toEqual(["mcp__web__where"]);
	expect((await stat(path.join(home, "secrets.json"))).mode & 0o777).toBe(0o600);
	expect(await readFile(path.join(home, "mcp-tools.json"), "utf8")).not.toContain("the-token");
	await servers!.close();

	await open(config);
	expect(await call(find("mcp__web__where"), {})).toMatchObject({ ok: true });
	server.revoke();
	expect(await call(find("mcp__web__where"), {})).toMatchObject({ ok: false, output: expect.stringContaining("needs a sign-in") });
});

test("a sign-in that the person gives up ends", async () => {
	const server = await startHttpServer(true);
	onTestFinished(server.close);
	await (await open({ web: { url: server.url, headers: {}, enabled: true } })).connect();
	expect(await call(find("mcp__web__sign_in"), {}, { ask: () => Promise.resolve("Give up") })).toMatchObject({
		ok: false,
		output: expect.stringContaining("given up"),
	});
});
