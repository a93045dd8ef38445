import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import path from "node:path";
import { readyMessageSchema } from "@opta/contracts/schema/process-message";
import { homeFiles } from "../platform/home-files.ts";
import { daemonExit } from "./daemon-exit.ts";
import type { EnsureOptions } from "./ensure-daemon.ts";
import { daemonNodeFlags } from "./node-flags.ts";

/** Longest time to be ready in; on a busy computer sessions are read first. */
const readyTimeoutMs = 60_000;

/** How a start went. */
export type SpawnOutcome =
	| { readonly kind: "ready" }
	| { readonly kind: "already_running" }
	| { readonly kind: "failed"; readonly message: string };

function lastWords(file: string): string {
	const lines = readFileSync(file, "utf8").trim().split("\n");
	return lines.at(-1) ?? "";
}

/** Starts the daemon as a process of its own, which outlives this one, and waits until it listens. */
export async function spawnDaemon({ home, command, environment, port, signal }: EnsureOptions): Promise<SpawnOutcome> {
	const [script, ...flags] = command;
	if (script === undefined) {
		throw new TypeError("The command of the daemon is empty.");
	}
	// What the process says before its own log is open, or as it crashes. New at each start, so it stays small.
	const wordsFile = path.join(path.dirname(homeFiles(home).daemonLog), "daemon-start.log");
	mkdirSync(path.dirname(wordsFile), { recursive: true, mode: 0o700 });
	const words = openSync(wordsFile, "w", 0o600);
	const args = [
		...daemonNodeFlags,
		script,
		...flags,
		"--background",
		"--state-dir",
		home,
		...(port === undefined ? [] : ["--port", String(port)]),
	];
	const child = spawn(process.execPath, args, {
		cwd: home,
		detached: true,
		env: { ...environment },
		stdio: ["ignore", "ignore", words, "ipc"],
		windowsHide: true,
	});
	closeSync(words);
	const limit = AbortSignal.timeout(readyTimeoutMs);
	const until = signal === undefined ? limit : AbortSignal.any([signal, limit]);
	const ready = (async (): Promise<SpawnOutcome> => {
		for (;;) {
			const [message] = await once(child, "message", { signal: until });
			if (readyMessageSchema.safeParse(message).success) {
				return { kind: "ready" };
			}
		}
	})();
	const ended = (async (): Promise<SpawnOutcome> => {
		const [code] = await once(child, "exit", { signal: until });
		if (code === daemonExit.alreadyRunning) {
			return { kind: "already_running" };
		}
		return { kind: "failed", message: lastWords(wordsFile) || `The daemon ended with code ${code} before it was ready.` };
	})();
	try {
		return await Promise.race([ready, ended]);
	} catch (error) {
		if (!until.aborted) {
			return { kind: "failed", message: `The daemon could not be started: ${error instanceof Error ? error.message : String(error)}` };
		}
		child.kill("SIGKILL");
		return {
			kind: "failed",
			message:
				signal?.aborted === true
					? "Stopped."
					: `The daemon was not ready after ${readyTimeoutMs / 1000} s. Its log: ${homeFiles(home).daemonLog}`,
		};
	} finally {
		// Whichever of the two did not win ends here, unheard.
		ready.catch(() => undefined);
		ended.catch(() => undefined);
		if (child.connected) {
			child.disconnect();
		}
		child.unref();
	}
}
