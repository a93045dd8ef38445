import { Command, CommanderError } from "commander";
import { type OptionSource, optionSpecs } from "../environment/platform-options.ts";

/** Flags by name, or the text that was asked for (`--help`), or one line that says what is wrong. */
export type ParsedFlags =
	| { readonly ok: true; readonly flags: OptionSource }
	| { readonly ok: false; readonly message: string; readonly exitCode: number };

/** Reads the flags of `npm start`; each has an environment variable of the same meaning. */
export function parseFlags(name: string, description: string, args: readonly string[]): ParsedFlags {
	let output = "";
	const collect = (text: string): void => {
		output += text;
	};
	const command = new Command(name)
		.description(description)
		.exitOverride()
		.configureOutput({ writeOut: collect, writeErr: collect })
		.allowExcessArguments(false);
	for (const spec of optionSpecs) {
		const fallback = spec.fallback === null ? "" : ` (default: ${spec.fallback})`;
		command.option(`--${spec.flag} <value>`, `${spec.description}; ${spec.variable}${fallback}`);
	}
	try {
		command.parse(args, { from: "user" });
	} catch (error) {
		if (error instanceof CommanderError) {
			return { ok: false, message: output.trim(), exitCode: error.exitCode === 0 ? 0 : 2 };
		}
		throw error;
	}
	const given = command.opts<Record<string, string>>();
	const toProperty = (flag: string): string => flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
	return { ok: true, flags: Object.fromEntries(optionSpecs.map((spec) => [spec.flag, given[toProperty(spec.flag)]])) };
}
