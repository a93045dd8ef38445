import { expect, it } from "vitest";
import { commandSpecs } from "../program/command-table.ts";
import { allExitCodes, allHelp } from "./all-help.ts";

/*
 * What scripts rely on. A difference here breaks somebody's script: make it on purpose, say so in the message of the commit,
 * and write the file anew with `vitest run --project unit packages/cli/src/golden -u`.
 */

it("keeps every command, flag and help text", async () => {
	await expect(allHelp(commandSpecs)).toMatchFileSnapshot("./help.golden.txt");
});

it("keeps the exit codes", async () => {
	await expect(allExitCodes()).toMatchFileSnapshot("./exit-codes.golden.txt");
});

it("has the commands and flags of the seeds", () => {
	const help = allHelp(commandSpecs);
	for (const line of [
		"opta chat",
		"opta tui",
		"opta do",
		"opta daemon start",
		"opta daemon status",
		"opta account login",
		"opta vault pull",
	]) {
		expect(help).toContain(`$ ${line} --help`);
	}
	expect(help).toMatch(/opta chat --help[\s\S]*?--tui/);
	expect(help).toMatch(/opta bot create --help[\s\S]*?--name <name>[\s\S]*?--port <number>[\s\S]*?--model <id>[\s\S]*?--prompt <text>/);
});
