import { build } from "@opta/contracts/build";
import { exitCodes } from "@opta/contracts/daemon-protocol";
import { Argument, Command, Option } from "commander";
import type { CommandRun, CommandSpec, ExitName, OptionSpec } from "./command-spec.ts";
import { exitMeanings } from "./exit-meanings.ts";
import { type Flags, readFlags } from "./flags.ts";
import { parseValue } from "./parse-value.ts";

/** A command with what it was called with. */
export interface ChosenCommand {
	readonly spec: CommandSpec;
	readonly load: () => Promise<CommandRun>;
	readonly args: readonly string[];
	readonly flags: Flags;
}

/** Options that every command takes. */
export const globalOptions: readonly OptionSpec[] = [
	{ flags: "--state-dir <folder>", summary: "use the configuration, sessions and daemon in this folder" },
	{ flags: "--set <name=value>", summary: "a setting for this call, as in opta config; may be repeated", value: "list" },
];

function createOption(spec: OptionSpec): Option {
	const option = new Option(spec.flags, spec.defaultText === undefined ? spec.summary : `${spec.summary} (default: ${spec.defaultText})`);
	if (spec.choices !== undefined) {
		option.choices(spec.choices);
	} else if (spec.value !== undefined) {
		const kind = spec.value;
		option.argParser((text, previous) => parseValue(kind, text, previous));
	}
	return spec.required === true ? option.makeOptionMandatory() : option;
}

function exitText(names: readonly ExitName[]): string {
	return names.map((name) => `  ${String(exitCodes[name]).padEnd(4)} ${exitMeanings[name]}`).join("\n");
}

function helpAfter(spec: CommandSpec): string {
	const examples = spec.examples === undefined ? "" : `\nExamples:\n${spec.examples.map((line) => `  $ ${line}`).join("\n")}\n`;
	const exits = spec.load === undefined ? "" : `\nExit codes:\n${exitText(["ok", ...(spec.exits ?? ["failed"]), "usage"])}\n`;
	return `${examples}${exits}`;
}

/** A word that names no command goes to the default one otherwise, which says that it takes no words. */
function refuseUnknownName(parent: Command): void {
	const [first] = parent.args;
	if (first === undefined || first.startsWith("-") || parent.commands.some((child) => child.name() === first)) {
		return;
	}
	const names = new Command(parent.name()).copyInheritedSettings(parent);
	for (const child of parent.commands) {
		names.command(child.name());
	}
	names.parse([first], { from: "user" });
}

function addCommand(parent: Command, spec: CommandSpec, choose: (chosen: ChosenCommand) => void): void {
	const command = parent
		.command(spec.name, { isDefault: spec.isDefault === true })
		.summary(spec.isDefault === true ? `${spec.summary} (default)` : spec.summary)
		.description(spec.description ?? spec.summary);
	for (const argument of spec.arguments ?? []) {
		const added = new Argument(argument.name, argument.summary);
		command.addArgument(argument.choices === undefined ? added : added.choices(argument.choices));
	}
	for (const option of spec.options ?? []) {
		command.addOption(createOption(option));
	}
	for (const child of spec.children ?? []) {
		addCommand(command, child, choose);
	}
	if (spec.children?.some(({ isDefault }) => isDefault === true) === true) {
		command.hook("preSubcommand", refuseUnknownName);
	}
	const after = helpAfter(spec);
	if (after !== "") {
		command.addHelpText("after", after);
	}
	const { load } = spec;
	if (load !== undefined) {
		command.action(() => {
			choose({
				spec,
				load,
				args: command.processedArgs.flat().filter((item) => typeof item === "string"),
				flags: readFlags(command.opts()),
			});
		});
	}
}

/** What the program writes by itself: help and mistakes. */
export interface ProgramWriter {
	readonly out: (text: string) => void;
	readonly error: (text: string) => void;
}

/**
 * The program with its commands. Parsing calls `choose` once; help, version and mistakes throw commander's `CommanderError`
 * after they were written.
 */
export function buildProgram(specs: readonly CommandSpec[], writer: ProgramWriter, choose: (chosen: ChosenCommand) => void): Command {
	const program = new Command("opta")
		.description("An agent on your own models, in your terminal.")
		.version(build, "-V, --version", "print the version")
		.helpOption("-h, --help", "show help")
		.helpCommand("help [command]", "show help of a command")
		.showHelpAfterError("Run the command with --help to see what it takes.")
		.configureOutput({ writeOut: writer.out, writeErr: writer.error, getOutHelpWidth: () => 100, getErrHelpWidth: () => 100 })
		.configureHelp({ showGlobalOptions: false })
		.exitOverride();
	for (const option of globalOptions) {
		program.addOption(createOption(option));
	}
	for (const spec of specs) {
		addCommand(program, spec, choose);
	}
	program.addHelpText("after", `\nExit codes:\n${exitText(Object.keys(exitCodes) as ExitName[])}\n`);
	return program;
}
