import { mkdtemp, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Children } from "../../children/children.ts";
import { openChildren } from "../../children/open-children.ts";
import { readProcessTable } from "../../children/process-table.ts";
import { detectSandbox } from "../../sandbox/detect-sandbox.ts";
import { whyNoSandbox } from "../../testing/sandbox-here.ts";
import type { Tool, ToolContext, ToolGroup, ToolOutcome } from "../tool.ts";
import { shellTools } from "./shell-tools.ts";

let home: string;
let workspace: string;
let children: Children;
let group: ToolGroup;
const problems: string[] = [];

async function open(sandboxed: boolean, network: "off" | "ask" | "on" = "ask", maxChildren = 8): Promise<void> {
	children = await openChildren({
		maxChildren,
		storeFile: path.join(home, "children.json"),
		onProblem: (message) => problems.push(message),
	});
	const sandbox = await detectSandbox({
		platform: "linux",
		enabled: sandboxed,
		userHome: path.join(home, "user"),
		hidden: [path.join(home, "daemon")],
		searchPath: "/usr/bin:/bin",
	});
	group = shellTools({ children, sandbox, timeoutMs: 60_000, network: () => network });
}

beforeEach(async () => {
	home = await realpath(await mkdtemp(path.join(tmpdir(), "opta-shell-")));
	workspace = await realpath(await mkdtemp(path.join(tmpdir(), "opta-work-")));
});

afterEach(async () => {
	await group.close();
	await children.close();
	expect(await leftOver()).toEqual([]);
	expect(problems.splice(0)).toEqual([]);
	await rm(home, { recursive: true });
	await rm(workspace, { recursive: true });
});

/** Processes whose variables tell that they belong to this test. */
const leftOver = async () =>
	(await readProcessTable("linux", true)).filter((row) => row.text.includes(`TEST_HOME=${home}`)).map((row) => row.pid);

function context(over: Partial<ToolContext> = {}): ToolContext {
	return {
		sessionId: "s",
		turnId: "t",
		callId: "c",
		workspace,
		environment: { PATH: "/usr/local/bin:/usr/bin:/bin", TEST_HOME: home, OPTA_SECRET: "hidden", ANTHROPIC_API_KEY: "hidden" },
		signal: new AbortController().signal,
		maxOutputBytes: 8192,
		onOutput: () => undefined,
		keepBefore: () => Promise.resolve(),
		ask: () => Promise.resolve(null),
		todos: { read: () => [], write: () => Promise.resolve() },
		runSubAgent: () => Promise.reject(new Error("no")),
		...over,
	};
}

const tool = (name: string): Tool => group.tools.find((one) => one.name === name)!;
const call = (name: string, input: object, over: Partial<ToolContext> = {}): Promise<ToolOutcome> =>
	tool(name).run(tool(name).input.parse(input), context(over));
const run = (input: object, over?: Partial<ToolContext>) => call("run_command", input, over);

for (const sandboxed of [true, false]) {
	test(`both outputs and the exit code come back (sandbox ${sandboxed ? "on" : "off"})`, async () => {
		await open(sandboxed);
		expect(await run({ command: "echo out; echo err >&2; exit 3" })).toMatchObject({ ok: false, output: "Exit code 3.\nout\nerr" });
		expect(await run({ command: "pwd" })).toMatchObject({ ok: true, output: `Exit code 0.\n${workspace}` });
	});
}

test("a command of which the shell cannot be started says so", async () => {
	await open(false);
	expect(await run({ command: "pwd", cwd: "missing" })).toMatchObject({
		ok: false,
		output: expect.stringContaining("could not be started"),
	});
	expect(children.list()).toEqual([]);
});

test("variables are those of the session's terminal, without keys and Opta's own; the daemon's are not seen", async () => {
	await open(true);
	const { output } = await run({ command: "env" });
	expect(output).toContain(`TEST_HOME=${home}`);
	expect(output).not.toContain("hidden");
	expect(output).not.toContain("VITEST");
});

test.skipIf(whyNoSandbox !== null)("commands write to the workspace, and the model is told why elsewhere fails", async () => {
	await open(true);
	const outcome = await run({ command: "echo yes > in.txt; echo no > /etc/opta-test" });
	expect(await readFile(path.join(workspace, "in.txt"), "utf8")).toBe("yes\n");
	expect(outcome).toMatchObject({ ok: false, output: expect.stringContaining("The sandbox lets commands write to the workspace") });
});

test.skipIf(whyNoSandbox !== null)("temporary files are kept within a session and hidden from others", async () => {
	await open(true);
	await run({ command: "echo mine > /tmp/note" });
	expect((await run({ command: "cat /tmp/note" })).output).toContain("mine");
	expect((await run({ command: "cat /tmp/note" }, { sessionId: "other" })).ok).toBe(false);
	expect((await run({ command: "cat /tmp/note" }, { sessionId: "other" })).output).not.toContain("mine");
});

test("a command that waits for input gets its end instead of hanging", async () => {
	await open(true);
	expect(await run({ command: "read -p 'Sure? ' answer; echo got:$answer" })).toMatchObject({
		ok: true,
		output: expect.stringContaining("got:"),
	});
	expect((await run({ command: "cat", input: "given" })).output).toContain("given");
});

test("in a terminal programs see one, its codes are taken out, and input can be typed", async () => {
	await open(true);
	const shown: string[] = [];
	const outcome = await run(
		{ command: "[ -t 1 ] && printf '\\033[31mred\\033[0m\\n'; read answer; echo got:$answer; tput cols", terminal: true, input: "yes\n" },
		{ onOutput: (text) => shown.push(text) },
	);
	expect(outcome.output).toMatch(/^Exit code 0\.\n.*red\n.*got:yes\n120$/s);
	expect(shown.join("")).toContain("red");
	expect(outcome.output + shown.join("")).not.toContain("\u001b");
});

test("after the time limit the whole tree is gone, what left the group included", async () => {
	await open(false);
	const outcome = await run({
		command: `trap "" TERM; (setsid sh -c 'trap "" TERM; sleep 300' &) ; echo started; sleep 300`,
		timeoutMs: 500,
	});
	expect(outcome).toMatchObject({ ok: false, output: expect.stringMatching(/^Ended after 500 ms, the time limit.*started$/s) });
	expect(await leftOver()).toEqual([]);
});

test("a cancel ends a terminal's tree at once", async () => {
	await open(true);
	const cancel = new AbortController();
	const outcome = await run(
		{ command: "echo started; (setsid sleep 300 &); sleep 300", terminal: true },
		{ signal: cancel.signal, onOutput: () => cancel.abort() },
	);
	expect(outcome).toMatchObject({ ok: false, output: expect.stringMatching(/^Cancelled\.\n/) });
	expect(await leftOver()).toEqual([]);
});

test("a cancel before the start runs nothing to its end", async () => {
	await open(false);
	const outcome = await run({ command: "sleep 300" }, { signal: AbortSignal.abort() });
	expect(outcome.output).toMatch(/^Cancelled/);
});

test("what a command leaves behind does not keep the call open, and is ended", async () => {
	await open(false);
	const outcome = await run({ command: "sleep 300 & echo done" });
	expect(outcome).toMatchObject({ ok: true, output: "Exit code 0.\ndone" });
	expect(await leftOver()).toEqual([]);
});

test("of a flood of output the model gets beginning and end, and the watchers a bounded part", async () => {
	await open(true);
	let shown = 0;
	const outcome = await run(
		{ command: "echo first; yes line | head -c 20000000; echo last" },
		{ onOutput: (text) => (shown += text.length) },
	);
	expect(outcome).toMatchObject({ ok: true, truncated: true });
	expect(Buffer.byteLength(outcome.output)).toBeLessThanOrEqual(8192);
	expect(outcome.output).toMatch(/^Exit code 0\.\nfirst\n.*characters are left out here.*\nlast$/s);
	expect(shown).toBeLessThan(1_100_000);
});

test("a command that writes without end is ended", async () => {
	await open(false);
	expect(await run({ command: "yes | tr y x" })).toMatchObject({
		ok: false,
		output: expect.stringContaining("wrote more than anybody could read"),
	});
});

test("signals are told", async () => {
	await open(true);
	expect((await run({ command: "kill -9 $$" })).output).toMatch(/SIGKILL/);
});

test("when as many processes run as may, the command is refused with the reason", async () => {
	await open(false, "ask", 1);
	await run({ command: "sleep 300", background: true });
	expect(await run({ command: "true" })).toMatchObject({ ok: false, output: expect.stringContaining("as many as") });
});

test("a job runs on, is read piece by piece, and is ended with all that it started", async () => {
	await open(true);
	const started = await run({ command: "echo one; read -t 1 x < <(sleep 300); echo two; sleep 300", background: true });
	const jobId = /job_\d+/.exec(started.output)![0];
	expect(started).toMatchObject({ ok: true, output: expect.stringContaining("one") });
	expect(children.list()).toMatchObject([{ kind: "job", sessionId: "s" }]);
	const later = await call("command_output", { jobId, offset: 4, waitMs: 20_000 });
	expect(later.output).toBe(`${jobId} runs.\ntwo\n\n[Read on from offset 8.]`);
	expect((await call("command_output", { jobId }, { sessionId: "other" })).ok).toBe(false);

	expect((await call("command_kill", { jobId })).output).toContain("has ended");
	expect(await leftOver()).toEqual([]);
	expect((await call("command_output", { jobId, offset: 8 })).output).toContain("has ended");
});

test("a job that fails at once says so", async () => {
	await open(true);
	expect(await run({ command: "echo no; exit 4", background: true })).toMatchObject({
		ok: false,
		output: expect.stringMatching(/ended already\. Exit code 4\.\nno$/),
	});
});

test("jobs end with their session, those of other sessions run on", async () => {
	await open(true);
	await run({ command: "sleep 300", background: true });
	await run({ command: "sleep 300", background: true }, { sessionId: "other" });
	await group.closeSession("s");
	expect(children.list()).toMatchObject([{ sessionId: "other" }]);
});

test.skipIf(whyNoSandbox !== null)("the network is closed to commands, and asking for it is refused under local only", async () => {
	await open(true, "off");
	await expect(async () => tool("run_command").access({ command: "curl x", network: true }, { workspace })).rejects.toThrow("Local only");
	expect(
		(
			await run({
				command: "bash -c 'echo > /dev/tcp/192.0.2.1/9'",
			})
		).output,
	).toMatch(/Network is unreachable.*The sandbox has no network|The sandbox has no network.*Network is unreachable/s);
});
