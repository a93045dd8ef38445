import { execFile } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { type Autostart, autostartFor } from "@opta/daemon/platform/autostart";
import { thisPlatform } from "@opta/daemon/platform/opta-home";
import { daemonCommand } from "../../daemon/daemon-command.ts";
import type { CliContext } from "../../program/cli-context.ts";
import { CommandFailure } from "../../program/command-failure.ts";
import type { CommandRun } from "../../program/command-spec.ts";

const run = promisify(execFile);

function autostartOf({ home, environment }: CliContext): Autostart {
	return autostartFor(thisPlatform(), {
		command: [process.execPath, ...daemonCommand(), "--state-dir", home],
		userHome: homedir(),
		home,
		searchPath: environment.PATH ?? "",
	});
}

async function runSystem([program = "", ...args]: readonly string[]): Promise<string | null> {
	try {
		await run(program, args, { windowsHide: true });
		return null;
	} catch (error) {
		return `${program} ${args.join(" ")}: ${error instanceof Error ? error.message.trim() : String(error)}`;
	}
}

/** Writes what the system needs to start the daemon at sign-in, and makes it known. */
export const runInstall: CommandRun = async ({ context, flags }) => {
	const { output, home } = context;
	const { kind, file, content, encoding, enable } = autostartOf(context);
	if (flags.isSet("print")) {
		output.note(file);
		output.write(content);
		return "ok";
	}
	await mkdir(path.dirname(file), { recursive: true });
	await mkdir(home, { recursive: true, mode: 0o700 });
	await writeFile(file, encoding === "utf16le" ? `\ufeff${content}` : content, { encoding });
	for (const command of enable) {
		const problem = await runSystem(command);
		if (problem !== null) {
			throw new CommandFailure("failed", `${file} is written, but ${kind} did not take it: ${problem}`);
		}
	}
	output.line(`The daemon starts when you sign in (${kind}): ${file}`);
	return "ok";
};

/** Takes that back. Nothing there is fine. */
export const runUninstall: CommandRun = async ({ context }) => {
	const { kind, file, disable } = autostartOf(context);
	for (const command of disable) {
		const problem = await runSystem(command);
		if (problem !== null) {
			context.output.note(problem);
		}
	}
	await rm(file, { force: true });
	context.output.line(`The daemon does not start by itself any more (${kind}).`);
	return "ok";
};
