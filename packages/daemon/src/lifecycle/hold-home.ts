import { setTimeout as delay } from "node:timers/promises";
import { homeFiles } from "../platform/home-files.ts";
import { findDaemon } from "./find-daemon.ts";
import { type ProcessLock, takeLock } from "./process-lock.ts";

/** The lock of a home, or who has it. */
export type HeldHome = { readonly ok: true; readonly lock: ProcessLock } | { readonly ok: false; readonly message: string };

/** A daemon that stops gives its lock back last; a new one waits for that. */
const patienceMs = 15_000;
const pollMs = 50;

/** Makes this process the one daemon of a home, for as long as it lives. */
export async function holdHome(home: string): Promise<HeldHome> {
	const giveUpAt = performance.now() + patienceMs;
	for (;;) {
		const lock = takeLock(homeFiles(home).daemonLock);
		if (lock !== null) {
			return { ok: true, lock };
		}
		const found = await findDaemon(home);
		if (found.kind === "running") {
			return { ok: false, message: `A daemon runs already: process ${found.state.pid} on ${found.baseUrl}.` };
		}
		if (performance.now() > giveUpAt) {
			return { ok: false, message: `Another daemon holds ${home} and does not answer. Restart it: opta daemon restart --force` };
		}
		await delay(pollMs);
	}
}
