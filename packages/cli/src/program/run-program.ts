import path from "node:path";
import { exitCodes } from "@opta/contracts/daemon-protocol";
import { type Environment, optaHome } from "@opta/daemon/platform/opta-home";
import { CommanderError } from "commander";
import type { Input } from "../terminal/input.ts";
import type { Output } from "../terminal/output.ts";
import { buildProgram, type ChosenCommand } from "./build-program.ts";
import { CommandFailure } from "./command-failure.ts";
import { commandSpecs } from "./command-table.ts";
import { type Flags, readFlags } from "./flags.ts";
import { parseSettings } from "./parse-settings.ts";

/** A call of the program. */
export interface ProgramCall {
	/** Without the program's own name. */
	readonly args: readonly string[];
	readonly output: Output;
	readonly input: Input;
	readonly environment: Environment;
	readonly folder: string;
	readonly signal: AbortSignal;
}

function reportFailure(output: Output, flags: Flags, failure: CommandFailure): number {
	output.note(failure.message);
	const error = { code: failure.kind, message: failure.message };
	if (flags.isSet("json")) {
		output.json({ error });
	} else if (flags.isSet("streamJson")) {
		output.jsonLine({ type: "error", ...error });
	}
	return exitCodes[failure.kind];
}

async function runChosen(chosen: ChosenCommand, globals: Flags, call: ProgramCall): Promise<number> {
	const { output, input, environment, folder, signal } = call;
	const stateFolder = globals.text("stateDir");
	const home = stateFolder === undefined ? optaHome(environment) : path.resolve(folder, stateFolder);
	const run = await chosen.load();
	const settings = parseSettings(globals.list("set"));
	const context = { output, input, environment, folder, home, settings, signal };
	return exitCodes[await run({ context, args: chosen.args, flags: chosen.flags })];
}

/** Runs one command line to its end; the exit code. */
export async function runProgram(call: ProgramCall): Promise<number> {
	const { output } = call;
	const chosen: ChosenCommand[] = [];
	const writer = { out: (text: string) => output.write(text), error: (text: string) => output.note(text.trimEnd()) };
	const program = buildProgram(commandSpecs, writer, (one) => chosen.push(one));
	try {
		program.parse(call.args.length === 0 ? ["--help"] : [...call.args], { from: "user" });
	} catch (error) {
		if (error instanceof CommanderError) {
			return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
		}
		throw error;
	}
	const [command] = chosen;
	if (command === undefined) {
		throw new Error(`commander took "${call.args.join(" ")}" and chose no command.`);
	}
	try {
		return await runChosen(command, readFlags(program.opts()), call);
	} catch (error) {
		if (error instanceof CommandFailure) {
			return reportFailure(output, command.flags, error);
		}
		if (call.signal.aborted) {
			return exitCodes.interrupted;
		}
		throw error;
	}
}
