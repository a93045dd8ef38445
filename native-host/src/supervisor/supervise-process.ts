import { setTimeout as delay } from "node:timers/promises";
import { awaitStart } from "./await-start.ts";
import { type LogFile, openLogFile } from "./log-file.ts";
import { type OutputStream, toLogLine } from "./log-line.ts";
import { startProcess } from "./process-run.ts";
import { decideRestart, defaultRestartPolicy } from "./restart-policy.ts";
import type { ProcessChange, SupervisedProcess, SuperviseOptions, SupervisionEnd } from "./supervision.ts";

const defaultStopTimeoutMs = 5000;

/**
 * Runs a process until it is told to stop: waits for readiness, starts it again after an exit (with back-off,
 * bounded), keeps its output in a log file, and leaves nothing of its process group behind.
 *
 * A process that ends by itself, or does not become ready in time, before it ever served is not tried again:
 * its configuration is wrong, and it said why. One that was ended by a signal (a native crash) is.
 */
export function superviseProcess(options: SuperviseOptions): SupervisedProcess {
	const stopping = new AbortController();
	const stopTimeoutMs = options.stopTimeoutMs ?? defaultStopTimeoutMs;
	let change: ProcessChange = { name: options.name, state: "starting", pid: null, port: null, reason: null, restarts: 0 };
	let wasReady = false;
	let log: LogFile | null = null;
	const firstReady = Promise.withResolvers<{ readonly ok: true; readonly port: number | null }>();

	const report = (next: Partial<ProcessChange>): void => {
		change = { ...change, ...next };
		options.onState?.(change);
	};
	const takeLine = (line: string, stream: OutputStream): void => {
		log?.write(toLogLine(options.name, stream, line, new Date()));
		options.onLine?.(line, stream);
	};

	/** One life of the process, from start to end. */
	const live = async (): Promise<{ reason: string; lastWords: string | null; hopeless: boolean }> => {
		const run = startProcess(options, { onLine: takeLine, onMessage: (message) => options.onMessage?.(message) });
		report({ state: "starting", pid: run.pid, port: null, reason: null });
		const stopRun = (): void => {
			report({ state: "stopping" });
			void run.stop(stopTimeoutMs);
		};
		stopping.signal.addEventListener("abort", stopRun, { once: true });
		const outcome = await awaitStart(run, options.ready, options.readyTimeoutMs);
		const timedOut = outcome.state === "timedOut";
		if (outcome.state === "ready" && !stopping.signal.aborted) {
			wasReady = true;
			report({ state: "ready", port: outcome.port });
			firstReady.resolve({ ok: true, port: outcome.port });
		} else if (timedOut) {
			await run.stop(stopTimeoutMs);
		}
		const exit = await run.ended;
		stopping.signal.removeEventListener("abort", stopRun);
		const reason = timedOut ? `was not ready after ${options.readyTimeoutMs / 1000} s` : exit.reason;
		const endedItself = !timedOut && exit.signal === null;
		return { reason, lastWords: endedItself ? exit.lastWords : null, hopeless: !wasReady && (timedOut || endedItself) };
	};

	const supervise = async (): Promise<SupervisionEnd> => {
		let restartTimesMs: readonly number[] = [];
		const policy = options.restart ?? defaultRestartPolicy;
		while (!stopping.signal.aborted) {
			const { reason, lastWords, hopeless } = await live();
			if (stopping.signal.aborted) {
				break;
			}
			const decision = decideRestart(policy, restartTimesMs, performance.now(), Math.random());
			if (hopeless || !decision.restart) {
				const given = hopeless ? reason : `${reason} (given up after ${restartTimesMs.length} restarts in ${policy.windowMs / 1000} s)`;
				report({ state: "failed", pid: null, port: null, reason: given });
				return { state: "failed", reason: given, lastWords, wasReady };
			}
			restartTimesMs = decision.restartTimesMs;
			report({ state: "restarting", pid: null, port: null, reason });
			await delay(decision.delayMs, undefined, { signal: stopping.signal }).catch(() => undefined);
			change = { ...change, restarts: change.restarts + 1 };
		}
		report({ state: "stopped", pid: null, port: null, reason: null });
		return { state: "stopped" };
	};

	if (options.logFile !== undefined) {
		const file = options.logFile;
		log = openLogFile({ file, onError: (error) => options.onLine?.(`The log ${file} cannot be written: ${error.message}`, "stderr") });
	}
	const ended = supervise().finally(() => log?.close());
	const ready = Promise.race([firstReady.promise, ended.then((end) => ({ ok: false, end }) as const)]);
	return {
		name: options.name,
		current: () => change,
		ready,
		ended,
		stop: async () => {
			stopping.abort();
			await ended;
		},
	};
}
