import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { createDaemonClient } from "@opta/host-client/daemon/create-daemon-client";
import type { DaemonClient } from "@opta/host-client/daemon/daemon-client";
import { environment } from "../env.ts";
import { plainEnvironment } from "../platform/plain-environment.ts";
import { type ScriptedModelOptions, startScriptedModel } from "./scripted-model.ts";

const daemonScript = fileURLToPath(new URL("../main.ts", import.meta.url));

/** A daemon as a process of its own, to be killed and started again, with a model that always answers. */
export interface DaemonProcess {
	readonly home: string;
	readonly workspace: string;
	readonly stateFile: string;
	readonly port: () => number;
	readonly pid: () => number;
	readonly client: (name: string) => DaemonClient;
	/** Starts another process in the same home, to be killed with everything else. */
	readonly start: (script: string, args: readonly string[]) => ChildProcess;
	/** kill -9. */
	readonly kill: (child?: ChildProcess) => Promise<void>;
	/** Starts the daemon again, on the same port. */
	readonly startAgain: () => Promise<void>;
	/** Kills everything and removes the home. */
	readonly close: () => Promise<void>;
}

/** Starts it, with flags for Node and a model that answers otherwise where given. */
export async function startDaemonProcess(
	nodeFlags: readonly string[] = [],
	answer: ScriptedModelOptions["otherwise"] = () => [{ text: "An answer." }],
): Promise<DaemonProcess> {
	const home = await realpath(await mkdtemp(path.join(tmpdir(), "opta-daemon-")));
	const workspace = path.join(home, "workspace");
	const stateFile = path.join(home, "daemon", "state.json");
	const model = await startScriptedModel({ otherwise: answer });
	const connection = { host: model.host, port: model.port };
	await mkdir(workspace);
	await writeFile(path.join(home, "config.json"), JSON.stringify({ connection, agent: { titles: false } }));
	const children = new Set<ChildProcess>();
	let port = 0;

	const start = (script: string, args: readonly string[], flags: readonly string[] = []): ChildProcess => {
		const env = { ...plainEnvironment(environment), OPTA_HOME: home };
		const child = spawn(process.execPath, [...flags, script, ...args], { env, stdio: ["ignore", "ignore", "ignore", "ipc"] });
		children.add(child);
		child.once("exit", () => children.delete(child));
		return child;
	};
	const startDaemon = async (): Promise<ChildProcess> => {
		const child = start(daemonScript, ["--state-dir", home, "--port", String(port)], nodeFlags);
		const ended = once(child, "exit").then(([code]) => Promise.reject(new Error(`The daemon ended with ${code}.`)));
		const [ready] = await Promise.race([once(child, "message"), ended]);
		port = ready.port;
		return child;
	};
	let daemon = await startDaemon();
	const kill = async (child = daemon): Promise<void> => {
		if (children.has(child)) {
			const gone = once(child, "exit");
			child.kill("SIGKILL");
			await gone;
		}
	};
	return {
		home,
		workspace,
		stateFile,
		port: () => port,
		pid: () => daemon.pid ?? 0,
		client: (clientName) =>
			createDaemonClient({
				baseUrl: `http://127.0.0.1:${port}`,
				token: () => JSON.parse(readFileSync(stateFile, "utf8")).token,
				clientId: randomUUID(),
				clientName,
			}),
		start: (script, args) => start(script, args),
		kill,
		startAgain: async () => {
			daemon = await startDaemon();
		},
		close: async () => {
			await Promise.all([...children].map((child) => kill(child)));
			await model.close();
			await rm(home, { recursive: true, force: true });
		},
	};
}
