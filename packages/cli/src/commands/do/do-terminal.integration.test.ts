import { access } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type CliBench, startCliBench } from "../../testing/cli-process.ts";
import { openTerminal } from "../../testing/cli-terminal.ts";

let bench: CliBench;
beforeAll(async () => {
	bench = await startCliBench();
});
afterAll(() => bench.close());

it("asks the person before a command, and does what they say", async () => {
	bench.model.reply({ call: "run_command", arguments: { command: "touch asked.txt" } });
	bench.model.reply({ text: "It is made." });
	const terminal = openTerminal(bench, ["do", "make a file"]);
	await terminal.saw("allow?");
	expect(terminal.read()).toContain("touch asked.txt");
	terminal.write("y\r");
	await terminal.saw("It is made.");
	expect(await terminal.exit).toBe(0);
	await access(path.join(bench.workspace, "asked.txt"));
});

it("takes anything but a yes for no", async () => {
	bench.model.reply({ call: "run_command", arguments: { command: "touch refused.txt" } });
	bench.model.reply({ text: "Then not." });
	const terminal = openTerminal(bench, ["do", "make a file"]);
	await terminal.saw("allow?");
	terminal.write("\r");
	expect(await terminal.exit).toBe(5);
	expect(terminal.read()).toContain("not allowed: Run touch refused.txt");
	await expect(access(path.join(bench.workspace, "refused.txt"))).rejects.toThrow();
});

it("cancels at Ctrl-C while it asks", async () => {
	bench.model.reply({ call: "run_command", arguments: { command: "touch never.txt" } });
	const terminal = openTerminal(bench, ["do", "make a file"]);
	await terminal.saw("allow?");
	terminal.write("\u0003");
	expect(await terminal.exit).toBe(130);
	await expect(access(path.join(bench.workspace, "never.txt"))).rejects.toThrow();
});
