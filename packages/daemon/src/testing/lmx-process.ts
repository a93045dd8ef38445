import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** A real LMX as a process of its own, for tests. */
export interface LmxProcess {
	readonly host: string;
	readonly port: number;
	readonly stop: () => Promise<void>;
}

const main = path.join(import.meta.dirname, "../../../lmx/src/main.ts");

/** Starts LMX on a free port with a state folder of its own; throws with its stderr when it ends instead. */
export async function startLmxProcess(...flags: string[]): Promise<LmxProcess> {
	const stateDir = mkdtempSync(path.join(tmpdir(), "opta-daemon-lmx-"));
	const child = fork(main, ["--port", "0", "--state-dir", stateDir, ...flags], { stdio: ["ignore", "ignore", "pipe", "ipc"] });
	let stderr = "";
	child.stderr?.on("data", (data) => {
		stderr += data;
	});
	const port = await new Promise<number>((resolve, reject) => {
		child.once("message", (message) => resolve((message as { port: number }).port));
		child.once("exit", () => reject(new Error(stderr)));
	});
	return {
		host: "127.0.0.1",
		port,
		async stop() {
			if (child.exitCode === null && child.signalCode === null) {
				child.kill("SIGTERM");
				await once(child, "exit");
			}
			rmSync(stateDir, { recursive: true, force: true });
		},
	};
}
