import { Readable } from "node:stream";
import { expect, it } from "vitest";
import { createOutput } from "../terminal/output.ts";
import { runProgram } from "./run-program.ts";

/** Runs one command line without a process of its own. */
async function call(...args: string[]) {
	let stdout = "";
	let stderr = "";
	const to = (add: (text: string) => void) => ({
		write(text: string, done?: () => void) {
			add(text);
			done?.();
		},
	});
	const output = createOutput(
		to((text) => {
			stdout += text;
		}),
		to((text) => {
			stderr += text;
		}),
		{},
	);
	const input = { isTerminal: false, stream: Readable.from([]), readAll: async () => "" };
	const code = await runProgram({
		args,
		output,
		input,
		environment: { OPTA_HOME: "/nonexistent" },
		folder: "/",
		signal: new AbortController().signal,
	});
	return { code, stdout, stderr };
}

it.each([
	[["nonsense"]],
	[["sessions", "nonsense"]],
	[["bot"]],
	[["sessions", "show"]],
	[["do", "--nonsense", "x"]],
	[["do", "--mode", "wild", "x"]],
	[["do", "--timeout", "soon", "x"]],
	[["daemon", "start", "--port", "0"]],
	[["--set", "model", "version"]],
	[["--set", "connection.adminKey=secret", "version"]],
	[["bot", "create"]],
	[["bot", "create", "--name", "x", "--port", "80"]],
	[["config", "get", "no.such.setting"]],
	[["config", "set", "connection.adminKey", "secret"]],
	[["mcp", "add", "Not A Name", "--", "true"]],
	[["mcp", "add", "name"]],
])("takes %j for wrong usage, with nothing on stdout", async (args) => {
	const { code, stdout, stderr } = await call(...args);
	expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
	expect(stderr).not.toBe("");
	expect(stderr).not.toContain("secret ");
});

it.each([
	[["sessions", "nonsense"], "error: unknown command 'nonsense'"],
	[["models", "lst", "--json"], "error: unknown command 'lst'\n(Did you mean list?)"],
	[["models", "lst", "extra"], "error: unknown command 'lst'\n(Did you mean list?)"],
	[["sessions", "list", "extra"], "error: too many arguments for 'list'"],
])("says what is wrong with %j, also where a command has a default", async (args, words) => {
	const { code, stderr } = await call(...args);
	expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
});

it("shows help on stdout where it is asked for", async () => {
	for (const args of [[], ["--help"], ["sessions", "--help"], ["help", "do"]]) {
		const { code, stdout, stderr } = await call(...args);
		expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
		expect(stdout).toContain("Usage: opta");
	}
});

it("tells scripts in JSON why a command failed", async () => {
	const { code, stdout } = await call("bot", "list", "--json");
	expect(code).toBe(4);
	expect(JSON.parse(stdout)).toEqual({ error: { code: "unreachable", message: expect.stringContaining("gateway") } });
});
