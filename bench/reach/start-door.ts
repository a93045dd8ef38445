import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { ReadyMessage } from "@opta/contracts/schema/process-message";
import type { PassMaker } from "@opta/reach/testing/pass-maker";

/** The tunnel door in a process of its own. */
export interface StartedDoor {
	readonly url: string;
	readonly pid: number;
	readonly stop: () => Promise<void>;
}

const script = fileURLToPath(import.meta.resolve("@opta/tunnel/main"));

/** Starts it on a free port with a state folder of its own; it takes the maker's passes. */
export async function startDoor({ identity }: PassMaker, lmxUrl: string): Promise<StartedDoor> {
	const stateDir = await mkdtemp(path.join(tmpdir(), "opta-bench-door-"));
	await writeFile(path.join(stateDir, "host.json"), JSON.stringify(identity));
	const child = spawn(process.execPath, [script, "--state-dir", stateDir, "--port", "0", "--lmx-url", lmxUrl], {
		stdio: ["ignore", "ignore", "inherit", "ipc"],
		env: {},
	});
	const exited = once(child, "exit");
	const [ready] = (await Promise.race([
		once(child, "message"),
		exited.then(([code]) => Promise.reject(new Error(`the door ended with ${code}`))),
	])) as [ReadyMessage];
	return {
		url: `http://127.0.0.1:${ready.port}`,
		pid: child.pid ?? 0,
		async stop() {
			child.kill("SIGTERM");
			await exited;
			await rm(stateDir, { recursive: true, force: true });
		},
	};
}
