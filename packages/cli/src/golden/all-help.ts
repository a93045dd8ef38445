import { exitCodes } from "@opta/contracts/daemon-protocol";
import type { Command } from "commander";
import { buildProgram } from "../program/build-program.ts";
import type { CommandSpec } from "../program/command-spec.ts";

function helpOf(command: Command, path: string): string {
	let text = "";
	command.configureOutput({
		writeOut: (part) => {
			text += part;
		},
		getOutHelpWidth: () => 100,
	});
	command.outputHelp();
	return [`$ ${path} --help\n${text}`, ...command.commands.map((child) => helpOf(child, `${path} ${child.name()}`))].join("\n");
}

/** The help of every command, one after the other: commands, arguments, flags, examples and exit codes that scripts rely on. */
export function allHelp(specs: readonly CommandSpec[]): string {
	const nowhere = { out: () => undefined, error: () => undefined };
	const program = buildProgram(specs, nowhere, () => undefined);
	return helpOf(program, "opta");
}

/** The exit codes by name. */
export function allExitCodes(): string {
	return Object.entries(exitCodes)
		.map(([name, code]) => `${name} ${code}`)
		.join("\n");
}
