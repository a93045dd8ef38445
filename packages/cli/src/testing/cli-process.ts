import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { stopDaemon } from "@opta/daemon/lifecycle/stop-daemon";
import { type ScriptedModel, startScriptedModel } from "@opta/daemon/testing/scripted-model";
import { environment } from "../env.ts";

/** How a call of the program ended. */
export interface FinishedCall {
	readonly code: number | null;
	readonly stdout: string;
	readonly stderr: string;
}

/** A call of the program that still runs. */
export interface RunningCall {
	readonly child: ChildProcess;
	readonly finished: Promise<FinishedCall>;
	/** Resolves when that text has come on stdout or stderr. */
	readonly saw: (text: string) => Promise<void>;
}

/** How a call is made. */
export interface CallOptions {
	/** Piped in; without it stdin is empty. */
	readonly input?: string;
	readonly environment?: Readonly<Record<string, string>>;
}

/** The program as scripts meet it: real processes, a home and a folder of its own, and a model that says what it is told. */
export interface CliBench {
	/** What Node runs. */
	readonly program: readonly string[];
	readonly model: ScriptedModel;
	readonly home: string;
	readonly workspace: string;
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly start: (args: readonly string[], options?: CallOptions) => RunningCall;
	readonly run: (args: readonly string[], options?: CallOptions) => Promise<FinishedCall>;
	readonly close: () => Promise<void>;
}

const sources = [fileURLToPath(new URL("../main.ts", import.meta.url))];

function watchCall(child: ChildProcess): RunningCall {
	let stdout = "";
	let stderr = "";
	const seen = new Set<() => void>();
	const tell = (): void => {
		for (const look of seen) {
			look();
		}
	};
	child.stdout?.setEncoding("utf8").on("data", (text: string) => {
		stdout += text;
		tell();
	});
	child.stderr?.setEncoding("utf8").on("data", (text: string) => {
		stderr += text;
		tell();
	});
	const finished = once(child, "close").then(([code]): FinishedCall => ({ code, stdout, stderr }));
	const saw = (text: string): Promise<void> =>
		new Promise((resolve, reject) => {
			const look = (): void => {
				if (stdout.includes(text) || stderr.includes(text)) {
					seen.delete(look);
					resolve();
				}
			};
			seen.add(look);
			look();
			finished.then(() => reject(new Error(`"${text}" did not come. stdout: ${stdout} stderr: ${stderr}`)), reject);
		});
	return { child, finished, saw };
}

/** Starts a bench. `program` is what Node runs: the sources, or a published program. */
export async function startCliBench(program: readonly string[] = sources): Promise<CliBench> {
	const model = await startScriptedModel();
	const home = await mkdtemp(path.join(tmpdir(), "opta-home-"));
	const workspace = await mkdtemp(path.join(tmpdir(), "opta-folder-"));
	const own = {
		PATH: environment.PATH,
		HOME: home,
		NO_COLOR: "1",
		OPTA_HOME: home,
		OPTA_CONNECTION_HOST: model.host,
		OPTA_CONNECTION_PORT: String(model.port),
		OPTA_AGENT_TITLES: "false",
	};
	const start = (args: readonly string[], options: CallOptions = {}): RunningCall => {
		const child = spawn(process.execPath, [...program, ...args], {
			cwd: workspace,
			env: { ...own, ...options.environment },
			stdio: [options.input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
		});
		child.stdin?.end(options.input);
		return watchCall(child);
	};
	return {
		program,
		model,
		home,
		workspace,
		environment: own,
		start,
		run: (args, options) => start(args, options).finished,
		async close() {
			await stopDaemon({ home, drainMs: 0, whenOver: "end" });
			await model.close();
			await Promise.all([home, workspace].map((folder) => rm(folder, { recursive: true, force: true })));
		},
	};
}
