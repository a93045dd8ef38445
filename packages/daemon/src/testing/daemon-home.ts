import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { DaemonState } from "@opta/contracts/schema/daemon-status";
import type { OptaConfigInput } from "@opta/contracts/schema/opta-config";
import { environment as processEnvironment } from "../env.ts";
import { ensureDaemon } from "../lifecycle/ensure-daemon.ts";
import { stopDaemon } from "../lifecycle/stop-daemon.ts";
import { plainEnvironment } from "../platform/plain-environment.ts";

/** A home of its own for daemons that are started as processes. */
export interface DaemonHome {
	readonly home: string;
	/** A folder for sessions. */
	readonly workspace: string;
	readonly command: readonly string[];
	readonly environment: Readonly<Record<string, string>>;
	readonly readState: () => Promise<DaemonState>;
	/** Starts the daemon where none runs. @throws when it cannot be. */
	readonly ensure: (build?: string) => Promise<{ readonly state: DaemonState; readonly baseUrl: string; readonly started: boolean }>;
	/** Ends what runs and removes everything. */
	readonly close: () => Promise<void>;
}

/** The daemon's script. */
export const daemonScript = fileURLToPath(new URL("../main.ts", import.meta.url));

/** Makes a home with this configuration. Its daemon takes any free port. */
export async function makeDaemonHome(config: OptaConfigInput = {}): Promise<DaemonHome> {
	const home = await realpath(await mkdtemp(path.join(os.tmpdir(), "opta-daemon-")));
	const workspace = path.join(home, "workspace");
	await mkdir(workspace);
	await writeFile(path.join(home, "config.json"), JSON.stringify(config));
	const environment = plainEnvironment(processEnvironment);
	const command = [daemonScript];
	return {
		home,
		workspace,
		command,
		environment,
		readState: async () => JSON.parse(await readFile(path.join(home, "daemon", "state.json"), "utf8")),
		async ensure(build = "0.1.0") {
			const ensured = await ensureDaemon({ home, command, environment, build, port: 0 });
			if (!ensured.ok) {
				throw new Error(ensured.message);
			}
			return ensured;
		},
		async close() {
			await stopDaemon({ home, drainMs: 0, whenOver: "end" });
			await rm(home, { recursive: true, force: true });
		},
	};
}
