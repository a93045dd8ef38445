import { setTimeout as delay } from "node:timers/promises";
import { askShutdown } from "./ask-daemon.ts";
import { findDaemon, isAlive } from "./find-daemon.ts";

/** How a daemon is stopped. */
export interface StopOptions {
	readonly home: string;
	/** So long may running turns go on. */
	readonly drainMs: number;
	/** What happens to a daemon that is not gone then: its process is ended, or it is left to end by itself. */
	readonly whenOver: "end" | "leave";
	readonly signal?: AbortSignal;
}

/** Whether one ran, or why it still does. */
export type StoppedDaemon = { readonly ok: true; readonly wasRunning: boolean } | { readonly ok: false; readonly message: string };

const pollMs = 50;
/** After its turns a daemon ends its children and writes what is left. */
const windDownMs = 10_000;
const graceMs = 5000;

async function waitForEnd(isOver: () => Promise<boolean>, limitMs: number, signal?: AbortSignal): Promise<boolean> {
	const giveUpAt = performance.now() + limitMs;
	while (performance.now() < giveUpAt && signal?.aborted !== true) {
		if (await isOver()) {
			return true;
		}
		await delay(pollMs);
	}
	return isOver();
}

/** Signals a process that may be gone by now. */
function signalProcess(pid: number, signal: NodeJS.Signals): void {
	try {
		process.kill(pid, signal);
	} catch (error) {
		if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) {
			throw error;
		}
	}
}

/** Stops the daemon of a home: it is asked to, and where it hangs its process is ended. Resolves when its process is gone. */
export async function stopDaemon({ home, drainMs, whenOver, signal }: StopOptions): Promise<StoppedDaemon> {
	const found = await findDaemon(home);
	if (found.kind === "stopped") {
		return { ok: true, wasRunning: false };
	}
	const { state, baseUrl } = found;
	const isOver = async (): Promise<boolean> => !(await isAlive(state));
	const taken = found.kind === "running" && (await askShutdown(baseUrl, state.token, drainMs));
	if (taken && (await waitForEnd(isOver, drainMs + windDownMs, signal))) {
		return { ok: true, wasRunning: true };
	}
	if (whenOver === "leave" || signal?.aborted === true) {
		const message = `The daemon (process ${state.pid}) is still at work. Wait for its turns to end, or stop them: opta daemon restart --force`;
		return { ok: false, message };
	}
	for (const kill of ["SIGTERM", "SIGKILL"] as const) {
		if (await isAlive(state)) {
			signalProcess(state.pid, kill);
		}
		if (await waitForEnd(isOver, graceMs)) {
			return { ok: true, wasRunning: true };
		}
	}
	return { ok: false, message: `The daemon (process ${state.pid}) cannot be ended. End it with the tools of your system.` };
}
