import { build } from "@opta/contracts/build";
import { ensureDaemon } from "@opta/daemon/lifecycle/ensure-daemon";
import { stopDaemon } from "@opta/daemon/lifecycle/stop-daemon";
import { daemonCommand } from "../../daemon/daemon-command.ts";
import { CommandFailure } from "../../program/command-failure.ts";
import type { CommandCall, CommandRun, ExitName } from "../../program/command-spec.ts";

const usualDrainMs = 30_000;

async function start({ context, flags }: CommandCall): Promise<ExitName> {
	const { home, environment, output, signal } = context;
	const port = flags.number("port");
	const ensured = await ensureDaemon({
		home,
		command: daemonCommand(),
		environment,
		build,
		onNotice: output.note,
		signal,
		...(port === undefined ? {} : { port }),
	});
	if (!ensured.ok) {
		throw new CommandFailure(signal.aborted ? "interrupted" : "unreachable", ensured.message);
	}
	const { state, baseUrl, started } = ensured;
	if (port !== undefined && state.port !== port) {
		throw new CommandFailure("failed", `The daemon runs already, on port ${state.port}. Stop it first: opta daemon stop`);
	}
	if (flags.isSet("json")) {
		output.json({ running: true, started, address: baseUrl, port: state.port, pid: state.pid, build: state.build });
	} else {
		output.line(`The daemon ${started ? "has started" : "runs already"}: ${baseUrl} (process ${state.pid})`);
	}
	return "ok";
}

async function stop({ context, flags }: CommandCall): Promise<boolean> {
	const { home, signal } = context;
	const isForced = flags.isSet("force");
	const drainMs = isForced ? 0 : (flags.number("drain") ?? usualDrainMs);
	const stopped = await stopDaemon({ home, drainMs, whenOver: "end", signal });
	if (!stopped.ok) {
		throw new CommandFailure("failed", stopped.message);
	}
	return stopped.wasRunning;
}

/** Starts a daemon, if none runs. */
export const runStart: CommandRun = start;

/** Stops the daemon; one that does not run is stopped. */
export const runStop: CommandRun = async (call) => {
	const wasRunning = await stop(call);
	if (call.flags.isSet("json")) {
		call.context.output.json({ running: false, wasRunning });
	} else {
		call.context.output.line(wasRunning ? "The daemon has stopped." : "No daemon runs.");
	}
	return "ok";
};

/** Stops the daemon and starts a new one. */
export const runRestart: CommandRun = async (call) => {
	await stop(call);
	return start(call);
};
