import path from "node:path";
import type { RestartPolicy } from "@opta/native-host/supervisor/restart-policy";
import { superviseProcess } from "@opta/native-host/supervisor/supervise-process";
import type { ProcessChange, SupervisedProcess } from "@opta/native-host/supervisor/supervision";
import { watchSources } from "../dev/watch-sources.ts";
import { childEnvironment } from "../environment/env.ts";
import type { PlannedProcess, SiteMode } from "./platform-plan.ts";

/** A part that could not be started, in words for the terminal. */
export interface FailedStart {
	readonly name: string;
	readonly reason: string;
	readonly logFile: string;
}

/** The processes of a platform. */
export interface RunningProcesses {
	/** Settles when every part serves, or at the first one that cannot. */
	readonly ready: Promise<{ readonly ok: true } | { readonly ok: false; readonly failed: FailedStart }>;
	/** Ends every process and waits until all are gone. */
	readonly stop: () => Promise<void>;
}

const readyTimeoutMs = 120_000;

/** In watch mode a program that falls over a half-written file is started again however often that happens. */
const watchModeRestarts: RestartPolicy = { maxRestarts: 1000, windowMs: 60_000, firstDelayMs: 50, maxDelayMs: 2000 };

/** Ends a process, so that its supervision starts it with its new sources; one that is starting is let to finish that first. */
async function startAnew(running: SupervisedProcess | undefined): Promise<void> {
	await running?.ready;
	const pid = running?.current().pid;
	if (pid !== null && pid !== undefined) {
		process.kill(pid, "SIGTERM");
	}
}

/**
 * Starts every planned process under supervision, all at once.
 * @param onChange told of every change after the first start: restarts, and parts that were given up
 */
export function runPlatform(
	plan: readonly PlannedProcess[],
	mode: SiteMode,
	logFolder: string,
	onChange: (change: ProcessChange) => void,
): RunningProcesses {
	const logFileOf = (name: string): string => path.join(logFolder, `${name}.log`);
	const processes = plan.map(
		(planned): SupervisedProcess =>
			superviseProcess({
				name: planned.name,
				command: process.execPath,
				args: planned.args,
				cwd: planned.cwd,
				env: { ...childEnvironment(), ...planned.env },
				ready: planned.ready,
				readyTimeoutMs,
				stopTimeoutMs: 10_000,
				logFile: logFileOf(planned.name),
				...(mode === "dev" ? { restart: watchModeRestarts } : {}),
				onState: onChange,
			}),
	);
	const endWatches =
		mode === "dev" ? plan.map((planned, index) => watchSources(planned.sources, () => void startAnew(processes[index]))) : [];
	const started = processes.map(async (running) => {
		const outcome = await running.ready;
		if (outcome.ok || outcome.end.state === "stopped") {
			return null;
		}
		const failed: FailedStart = {
			name: running.name,
			reason: outcome.end.lastWords ?? outcome.end.reason,
			logFile: logFileOf(running.name),
		};
		return failed;
	});
	const lastOutcome = Promise.all(started).then((failures) => failures.find((failed) => failed !== null) ?? null);
	const firstFailure = Promise.race(started.map(async (start) => (await start) ?? lastOutcome));
	return {
		ready: firstFailure.then((failed) => (failed === null ? { ok: true } : { ok: false, failed })),
		stop: async () => {
			for (const endWatch of endWatches) {
				endWatch();
			}
			await Promise.all(processes.map((running) => running.stop()));
		},
	};
}
