import { type ChildProcess, spawn } from "node:child_process";
import { readyMessageSchema } from "@opta/contracts/schema/process-message";
import { createLineSplitter } from "./line-splitter.ts";
import { lastSentence, type OutputStream } from "./log-line.ts";
import { killGroup } from "./process-group.ts";

/** What to run. The process gets an IPC channel and a process group of its own, and this environment only. */
export interface ProcessCommand {
	readonly command: string;
	readonly args: readonly string[];
	readonly cwd?: string | undefined;
	readonly env: Readonly<Record<string, string>>;
}

/** Told while the process lives. */
export interface ProcessListener {
	readonly onLine: (line: string, stream: OutputStream) => void;
	readonly onMessage: (message: unknown) => void;
}

/** How a process ended. */
export interface ProcessExit {
	readonly code: number | null;
	/** The signal that ended it; null when it ended by itself, or never started. */
	readonly signal: NodeJS.Signals | null;
	/** One sentence without a full stop: the end, and what the process said last on stderr. */
	readonly reason: string;
	/** What the process said last on stderr, null when it said nothing. */
	readonly lastWords: string | null;
}

/** One life of a process. */
export interface ProcessRun {
	readonly pid: number | null;
	/** Settles when the process says over IPC that it listens; never when it does not. */
	readonly saidReady: Promise<{ readonly port: number | null }>;
	/** Settles when the process is gone, with everything left in its group. */
	readonly ended: Promise<ProcessExit>;
	/** Asks with SIGTERM, ends the group by SIGKILL after the time limit; settles with `ended`. */
	readonly stop: (timeoutMs: number) => Promise<ProcessExit>;
}

/** Lines of stderr that are kept to say why a process ended. */
const keptLines = 40;

/** After the exit, how long output that is still in the pipes is waited for. */
const drainMs = 500;

function describeEnd(code: number | null, signal: NodeJS.Signals | null, lastWords: string | null): string {
	const end = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
	return lastWords === null ? end : `${end}: ${lastWords}`;
}

function whenEnded(child: ChildProcess, stderrLines: readonly string[]): Promise<ProcessExit> {
	return new Promise((resolve) => {
		child.once("error", (error) => {
			if (child.pid === undefined) {
				resolve({ code: null, signal: null, reason: `could not be started: ${error.message}`, lastWords: error.message });
			}
		});
		child.once("exit", (code, signal) => {
			if (child.pid !== undefined) {
				killGroup(child.pid);
			}
			const settle = (): void => {
				clearTimeout(limit);
				const lastWords = lastSentence(stderrLines);
				resolve({ code, signal, reason: describeEnd(code, signal, lastWords), lastWords });
			};
			const limit = setTimeout(() => {
				child.stdout?.destroy();
				child.stderr?.destroy();
				settle();
			}, drainMs);
			child.once("close", settle);
		});
	});
}

/** Starts a process once. */
export function startProcess(spec: ProcessCommand, listener: ProcessListener): ProcessRun {
	const child = spawn(spec.command, [...spec.args], {
		cwd: spec.cwd,
		env: { ...spec.env },
		stdio: ["ignore", "pipe", "pipe", "ipc"],
		detached: true,
	});
	const stderrLines: string[] = [];
	for (const stream of ["stdout", "stderr"] as const) {
		const splitter = createLineSplitter((line) => {
			if (stream === "stderr") {
				stderrLines.push(line);
				stderrLines.splice(0, stderrLines.length - keptLines);
			}
			listener.onLine(line, stream);
		});
		child[stream]?.on("data", splitter.push).once("close", splitter.end);
	}
	const saidReady = new Promise<{ readonly port: number | null }>((resolve) => {
		child.on("message", (message) => {
			const ready = readyMessageSchema.safeParse(message);
			if (ready.success) {
				resolve({ port: ready.data.port ?? null });
			}
			listener.onMessage(message);
		});
	});
	const ended = whenEnded(child, stderrLines);
	const stop = async (timeoutMs: number): Promise<ProcessExit> => {
		child.kill("SIGTERM");
		const limit = setTimeout(() => {
			if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
				killGroup(child.pid);
			}
		}, timeoutMs);
		const exit = await ended;
		clearTimeout(limit);
		return exit;
	};
	return { pid: child.pid ?? null, saidReady, ended, stop };
}
