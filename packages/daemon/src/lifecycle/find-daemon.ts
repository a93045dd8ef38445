import type { DaemonHealth, DaemonState } from "@opta/contracts/schema/daemon-status";
import { processStartedAt } from "../platform/process-started-at.ts";
import { askHealth } from "./ask-daemon.ts";
import { readDaemonState } from "./daemon-state-file.ts";

const healthTimeoutMs = 3000;

/**
 * What is known of this user's daemon. `stopped`: none runs, whatever an old state file says. `running`: it answers.
 * `unresponsive`: its process lives and does not answer.
 */
export type FoundDaemon =
	| { readonly kind: "stopped" }
	| { readonly kind: "running"; readonly state: DaemonState; readonly baseUrl: string; readonly health: DaemonHealth }
	| { readonly kind: "unresponsive"; readonly state: DaemonState; readonly baseUrl: string };

/** Address of a daemon on this computer. */
export function daemonUrl(port: number): string {
	return `http://127.0.0.1:${port}`;
}

/** True while the process that wrote the state lives; a pid that was given to another process is recognised. */
export async function isAlive(state: DaemonState): Promise<boolean> {
	return (await processStartedAt(state.pid)) === state.processStartedAt;
}

/** Finds the daemon of a home by its state file. Starts and changes nothing. */
export async function findDaemon(home: string): Promise<FoundDaemon> {
	const state = await readDaemonState(home);
	if (state === null || !(await isAlive(state))) {
		return { kind: "stopped" };
	}
	const baseUrl = daemonUrl(state.port);
	const health = await askHealth(baseUrl, healthTimeoutMs);
	if (health !== null) {
		return { kind: "running", state, baseUrl, health };
	}
	return (await isAlive(state)) ? { kind: "unresponsive", state, baseUrl } : { kind: "stopped" };
}
