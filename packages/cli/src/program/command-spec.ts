import type { exitCodes } from "@opta/contracts/daemon-protocol";
import type { CliContext } from "./cli-context.ts";
import type { Flags } from "./flags.ts";

/** Name of a documented exit code. */
export type ExitName = keyof typeof exitCodes;

/** What an option's value must be. `duration`: `90s`, `5m`, `2h`, or seconds; given to the command in milliseconds. */
export type ValueKind = "text" | "integer" | "port" | "number" | "duration" | "list";

/** One option of a command. */
export interface OptionSpec {
	/** As commander takes it: `-m, --model <id>`. */
	readonly flags: string;
	readonly summary: string;
	/** `text` where missing. `list` may be repeated. */
	readonly value?: ValueKind;
	readonly choices?: readonly string[];
	/** Shown in the help; the command is what applies it. */
	readonly defaultText?: string;
	readonly required?: boolean;
}

/** One argument of a command. */
export interface ArgumentSpec {
	/** As commander takes it: `<id>`, `[task...]`. */
	readonly name: string;
	readonly summary: string;
	readonly choices?: readonly string[];
}

/** What a command is called with. */
export interface CommandCall {
	readonly context: CliContext;
	/** In order; missing optional ones are not there, those of a variadic argument follow each other. */
	readonly args: readonly string[];
	readonly flags: Flags;
}

/** Runs a command; ends with the name of its exit code or throws a `CommandFailure`. */
export type CommandRun = (call: CommandCall) => Promise<ExitName>;

/** One command of `opta`: what the golden tests hold, the help shows and the completion offers. */
export interface CommandSpec {
	readonly name: string;
	readonly summary: string;
	/** More than the summary, for `--help`. */
	readonly description?: string;
	readonly arguments?: readonly ArgumentSpec[];
	readonly options?: readonly OptionSpec[];
	/** Whole command lines. */
	readonly examples?: readonly string[];
	/** Which codes it ends with, beside `ok` and `usage`. */
	readonly exits?: readonly ExitName[];
	readonly children?: readonly CommandSpec[];
	/** Runs where the command that groups it is called alone: `opta sessions` is `opta sessions list`. */
	readonly isDefault?: true;
	/** Loads the command; missing for one that only groups others. */
	readonly load?: () => Promise<CommandRun>;
}

/** The option that every command with a machine-readable answer has. */
export const jsonOption: OptionSpec = { flags: "--json", summary: "print JSON for scripts" };
