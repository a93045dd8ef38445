import { setTimeout as wait } from "node:timers/promises";

/**
 * Stops the whole job as Ctrl-Z does, and comes back when it is continued: the clock of a stopped process does not tick.
 * Where nobody could continue it (no shell above) the system does not stop it, and it goes on at once.
 */
export async function stopProcess(): Promise<void> {
	if (process.platform === "win32") {
		return;
	}
	const listeners = process.listeners("SIGTSTP");
	process.removeAllListeners("SIGTSTP");
	process.kill(0, "SIGTSTP");
	await wait(50);
	for (const listener of listeners) {
		process.on("SIGTSTP", listener);
	}
}
