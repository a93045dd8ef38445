import { globalOptions } from "../../program/build-program.ts";
import type { CommandRun } from "../../program/command-spec.ts";
import { commandSpecs } from "../../program/command-table.ts";
import { bashScript, fishScript, zshScript } from "./shell-scripts.ts";
import { collectWords } from "./word-list.ts";

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };

/** Prints the script for a shell. */
export const runCompletion: CommandRun = async ({ context, args }) => {
	const shell = args[0] as keyof typeof scripts;
	context.output.write(scripts[shell](collectWords(commandSpecs, globalOptions)));
	return "ok";
};
