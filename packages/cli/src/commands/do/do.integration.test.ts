import { access } from "node:fs/promises";
import path from "node:path";
import { createHeld } from "@opta/daemon/testing/scripted-reply";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type CliBench, startCliBench } from "../../testing/cli-process.ts";

let bench: CliBench;
beforeAll(async () => {
	bench = await startCliBench();
});
afterAll(() => bench.close());

function linesOf(stdout: string): { type: string; [name: string]: unknown }[] {
	return stdout
		.trim()
		.split("\n")
		.map((line) => JSON.parse(line));
}

it("writes the answer and nothing else to stdout", async () => {
	bench.model.reply({ text: "Forty-two." });
	const { code, stdout } = await bench.run(["do", "what is the answer?"]);
	expect({ code, stdout }).toEqual({ code: 0, stdout: "Forty-two.\n" });
});

it("takes piped text with the task, and as the task", async () => {
	bench.model.reply({ text: "Short." });
	const before = bench.model.requests.length;
	await bench.run(["do", "sum this up"], { input: "a long text from a pipe" });
	expect((await bench.model.request(before)).prompt).toContain("a long text from a pipe");
	bench.model.reply({ text: "Done." });
	await bench.run(["do", "-"], { input: "a task from a pipe" });
	expect((await bench.model.request(before + 1)).prompt).toContain("a task from a pipe");
	expect((await bench.run(["do"], { input: "" })).code).toBe(2);
});

it("prints one document with --json", async () => {
	bench.model.reply({ text: "Yes." });
	const { code, stdout } = await bench.run(["do", "--json", "is it?"]);
	expect(code).toBe(0);
	expect(JSON.parse(stdout)).toMatchObject({
		ok: true,
		reason: "stop",
		text: "Yes.",
		provider: "lmx",
		toolCalls: 0,
		denied: [],
		error: null,
	});
});

it("denies what nobody can be asked for, goes on, and ends with 5", async () => {
	bench.model.reply({ call: "run_command", arguments: { command: "touch forbidden.txt" } });
	bench.model.reply({ text: "I was not allowed to." });
	const { code, stdout } = await bench.run(["do", "--stream-json", "touch a file"]);
	expect(code).toBe(5);
	const lines = linesOf(stdout);
	expect(lines[0]).toMatchObject({ type: "init", mode: "ask" });
	expect(lines.map(({ type }) => type)).toEqual(expect.arrayContaining(["message", "tool_use", "permission", "tool_result", "result"]));
	expect(lines.at(-1)).toMatchObject({ type: "result", ok: false, denied: [{ tool: "run_command" }] });
	await expect(access(path.join(bench.workspace, "forbidden.txt"))).rejects.toThrow();
});

it("lets --allow answer, for that tool and pattern", async () => {
	bench.model.reply({ call: "run_command", arguments: { command: "touch allowed.txt" } });
	bench.model.reply({ text: "It is there." });
	const { code, stdout } = await bench.run(["do", "--allow", "run_command:touch*", "touch a file"]);
	expect({ code, stdout }).toEqual({ code: 0, stdout: "It is there.\n" });
	await access(path.join(bench.workspace, "allowed.txt"));
});

it("goes on with the last session of the folder", async () => {
	bench.model.reply({ text: "Second." });
	const before = bench.model.requests.length;
	await bench.run(["do", "--session", "last", "and now?"]);
	expect((await bench.model.request(before)).prompt).toContain("touch a file");
});

it("cancels the turn at Ctrl-C and ends with 130", async () => {
	const held = createHeld();
	bench.model.reply({ text: "Beginning" }, { hold: held }, { text: " and end" });
	const call = bench.start(["do", "--stream-json", "--partial", "write long"]);
	await call.saw('"type":"delta"');
	call.child.kill("SIGINT");
	const { code, stdout } = await call.finished;
	held.release();
	expect(code).toBe(130);
	expect(linesOf(stdout).at(-1)).toMatchObject({ type: "result", reason: "cancelled" });
});

it("cancels after --timeout and ends with 6", async () => {
	const held = createHeld();
	bench.model.reply({ text: "Beginning" }, { hold: held }, { text: " and end" });
	const { code, stdout } = await bench.run(["do", "--json", "--timeout", "1s", "write long"]);
	held.release();
	expect(code).toBe(6);
	expect(JSON.parse(stdout)).toMatchObject({ reason: "timed_out" });
});

it("leaves quietly when nobody reads any more", async () => {
	bench.model.reply({ text: "word ".repeat(200) });
	const call = bench.start(["do", "--stream-json", "--partial", "write"]);
	await call.saw('"type":"init"');
	call.child.stdout?.destroy();
	const { code, stderr } = await call.finished;
	expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});

it("ends with 4 where no model answers", async () => {
	const { code, stdout, stderr } = await bench.run(["models", "list", "--json"], { environment: { OPTA_CONNECTION_PORT: "9" } });
	expect(code).toBe(4);
	expect(JSON.parse(stdout)).toMatchObject({ error: { code: "unreachable" } });
	expect(stderr).toContain("opta connect");
});

it("ends with 3 where the configuration is wrong, and names the place", async () => {
	const { code, stderr } = await bench.run(["config", "list"], { environment: { OPTA_AGENT_MAX_STEPS: "many" } });
	expect(code).toBe(3);
	expect(stderr).toContain("OPTA_AGENT_MAX_STEPS");
});
