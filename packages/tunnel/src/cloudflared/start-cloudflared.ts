import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { CloudflaredCommand } from "./cloudflared-command.ts";

/** One life of cloudflared. */
export interface CloudflaredRun {
	/** Settles when it is gone with everything in its process group; why, as the rest of a sentence. */
	readonly ended: Promise<string>;
	/** Asks with SIGTERM, ends the group by SIGKILL after the time limit; settles with `ended`. */
	readonly stop: (timeoutMs: number) => Promise<void>;
}

/**
 * cloudflared does not end with the process that started it. So a shell watches beside it, in its process group: it
 * reads a pipe of which only this process holds the other end, and ends the group when that is closed, however this
 * process ended. The shell itself becomes cloudflared, so that its process number is the child's.
 */
const watchedProgram = '{ trap "" TERM INT HUP; read -r _; kill -TERM 0; sleep 3; kill -KILL 0; } <&3 >/dev/null 2>&1 & exec "$@" 3<&-';
const shell = "/bin/sh";

function killGroup(pid: number): void {
	try {
		process.kill(-pid, "SIGKILL");
	} catch (error) {
		const isGone = error instanceof Error && "code" in error && (error.code === "ESRCH" || error.code === "EPERM");
		if (!isGone) {
			throw error;
		}
	}
}

/** Starts cloudflared once; every line that it writes is told. */
export function startCloudflared(binary: string, { args, env }: CloudflaredCommand, onLine: (line: string) => void): CloudflaredRun {
	const child = spawn(shell, ["-c", watchedProgram, shell, binary, ...args], {
		env: { ...env },
		stdio: ["ignore", "pipe", "pipe", "pipe"],
		detached: true,
	});
	for (const stream of [child.stdout, child.stderr]) {
		if (stream !== null) {
			createInterface({ input: stream }).on("line", onLine);
		}
	}
	const ended = new Promise<string>((resolve) => {
		child.once("error", (error) => {
			if (child.pid === undefined) {
				resolve(`could not be started: ${error.message}`);
			}
		});
		child.once("exit", (code, signal) => {
			if (child.pid !== undefined) {
				killGroup(child.pid);
			}
			resolve(signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`);
		});
	});
	return {
		ended,
		stop: async (timeoutMs) => {
			child.kill("SIGTERM");
			const limit = setTimeout(() => child.pid !== undefined && killGroup(child.pid), timeoutMs);
			await ended;
			clearTimeout(limit);
		},
	};
}
