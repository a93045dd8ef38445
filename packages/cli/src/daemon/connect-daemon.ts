import { randomUUID } from "node:crypto";
import { build } from "@opta/contracts/build";
import type { DaemonState } from "@opta/contracts/schema/daemon-status";
import { ensureDaemon } from "@opta/daemon/lifecycle/ensure-daemon";
import { findDaemon } from "@opta/daemon/lifecycle/find-daemon";
import { createDaemonClient } from "@opta/host-client/daemon/create-daemon-client";
import type { DaemonClient } from "@opta/host-client/daemon/daemon-client";
import type { CliContext } from "../program/cli-context.ts";
import { CommandFailure } from "../program/command-failure.ts";
import { daemonCommand } from "./daemon-command.ts";

/** A daemon that answers, and the way to talk to it. */
export interface DaemonConnection {
	readonly client: DaemonClient;
	readonly state: DaemonState;
	readonly baseUrl: string;
	/** This call started it. */
	readonly started: boolean;
}

function connectTo(state: DaemonState, baseUrl: string, started: boolean): DaemonConnection {
	const client = createDaemonClient({ baseUrl, token: () => state.token, clientId: randomUUID(), clientName: "terminal" });
	return { client, state, baseUrl, started };
}

/**
 * Finds this user's daemon, or starts one.
 * @throws {CommandFailure} `unreachable`, when there is none and none can be started.
 */
export async function connectDaemon(context: CliContext): Promise<DaemonConnection> {
	const { home, environment, output, signal } = context;
	const onNotice = (message: string): void => output.note(message);
	const ensured = await ensureDaemon({ home, command: daemonCommand(), environment, build, onNotice, signal });
	if (!ensured.ok) {
		throw new CommandFailure(signal.aborted ? "interrupted" : "unreachable", ensured.message);
	}
	return connectTo(ensured.state, ensured.baseUrl, ensured.started);
}

/** This user's daemon where one answers; null otherwise. Starts none. */
export async function connectRunningDaemon(context: CliContext): Promise<DaemonConnection | null> {
	const found = await findDaemon(context.home);
	return found.kind === "running" ? connectTo(found.state, found.baseUrl, false) : null;
}
