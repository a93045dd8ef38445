import { Command, CommanderError } from "commander";
import { type FlagName, type OptionSpec, optionSpecs } from "./option-specs.ts";

/** What the command line asks for. */
export type CommandLine =
	| { readonly kind: "run"; readonly flags: Readonly<Partial<Record<FlagName, string>>> }
	| { readonly kind: "help"; readonly text: string }
	| { readonly kind: "wrong"; readonly message: string };

/** Reads the flags. Says what is wrong in one line; runs nothing. */
export function readCommandLine(args: readonly string[]): CommandLine {
	const specs: readonly OptionSpec[] = optionSpecs;
	const flags: Record<string, string> = {};
	let shown = "";
	const command = new Command("npm run host --")
		.description(
			"Runs roles of a host, each as its own process, until Ctrl-C.\n`npm run host -- claim` makes this computer somebody's host first.",
		)
		.configureHelp({ helpWidth: 120 })
		.configureOutput({
			writeOut: (text) => {
				shown += text;
			},
			writeErr: () => undefined,
		})
		.allowExcessArguments(false)
		.exitOverride();
	for (const spec of specs) {
		command.option(`--${spec.flag} <${spec.value}>`, `${spec.description} [${spec.variable}]`);
		command.on(`option:${spec.flag}`, (value: string) => {
			flags[spec.flag] = value;
		});
	}
	try {
		command.parse(args, { from: "user" });
		return { kind: "run", flags };
	} catch (error) {
		if (!(error instanceof CommanderError)) {
			throw error;
		}
		if (error.code === "commander.helpDisplayed") {
			return { kind: "help", text: shown };
		}
		const [reason = ""] = error.message.replace(/^error: /, "").split("\n");
		return { kind: "wrong", message: `${reason.charAt(0).toUpperCase()}${reason.slice(1)}. npm run host -- --help lists every flag.` };
	}
}
