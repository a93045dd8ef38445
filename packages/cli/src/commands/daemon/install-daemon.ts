import { homedir } from "node:os";
import { installDaemon, uninstallDaemon } from "@opta/daemon/lifecycle/install-daemon";
import { daemonNodeFlags } from "@opta/daemon/lifecycle/node-flags";
import { type AutostartWish, autostartFor } from "@opta/daemon/platform/autostart";
import { thisPlatform } from "@opta/daemon/platform/opta-home";
import { daemonCommand } from "../../daemon/daemon-command.ts";
import type { CliContext } from "../../program/cli-context.ts";
import { CommandFailure } from "../../program/command-failure.ts";
import type { CommandRun } from "../../program/command-spec.ts";

function wishOf({ home, environment }: CliContext): AutostartWish {
	return {
		command: [process.execPath, ...daemonNodeFlags, ...daemonCommand(), "--state-dir", home],
		userHome: homedir(),
		home,
		searchPath: environment.PATH ?? "",
	};
}

/** Writes what the system needs to start the daemon at sign-in, and makes it known. */
export const runInstall: CommandRun = async ({ context, flags }) => {
	const { output } = context;
	const wish = wishOf(context);
	if (flags.isSet("print")) {
		const { file, content } = autostartFor(thisPlatform(), wish);
		output.note(file);
		output.write(content);
		return "ok";
	}
	const installed = await installDaemon(thisPlatform(), wish);
	if (!installed.ok) {
		throw new CommandFailure("failed", installed.message);
	}
	output.line(`The daemon starts when you sign in (${installed.kind}): ${installed.file}`);
	return "ok";
};

/** Takes that back. Nothing there is fine. */
export const runUninstall: CommandRun = async ({ context }) => {
	const removed = await uninstallDaemon(thisPlatform(), wishOf(context));
	if (!removed.ok) {
		throw new CommandFailure("failed", removed.message);
	}
	context.output.line(
		removed.kind === null ? "The daemon did not start by itself." : `The daemon does not start by itself any more (${removed.kind}).`,
	);
	return "ok";
};
