import type { Environment } from "@opta/daemon/platform/opta-home";
import type { Input } from "../terminal/input.ts";
import type { Output } from "../terminal/output.ts";

/** What every command works with; a test brings its own. */
export interface CliContext {
	readonly output: Output;
	readonly input: Input;
	readonly environment: Environment;
	/** Absolute path of the folder that the user is in. */
	readonly folder: string;
	/** The folder that holds everything of the user. */
	readonly home: string;
	/** Settings of the command line as written, by dotted name. */
	readonly settings: Readonly<Record<string, string>>;
	/** Aborts at the first Ctrl-C. */
	readonly signal: AbortSignal;
}
