import { spawn } from "node:child_process";
import type { Command } from "../../sandbox/sandbox.ts";

/** How a process ended. */
export interface ProcessEnd {
	readonly exitCode: number | null;
	readonly signal: string | number | null;
}

/** A process that was started. */
export interface StartedProcess {
	readonly pid: number;
	/** When the process itself has ended; others of its tree may still run and write. */
	readonly exited: Promise<ProcessEnd>;
	/** When everything that it wrote was passed on; needs its whole tree to be gone. */
	readonly drained: Promise<void>;
}

/** How to start one. */
export interface ProcessOptions {
	readonly command: Command;
	readonly folder: string;
	readonly environment: Readonly<Record<string, string>>;
	/** Runs in a terminal of its own (a PTY) instead of with pipes. */
	readonly terminal: boolean;
	/** What it can read; then its input ends. */
	readonly input: string;
	readonly onOutput: (bytes: Uint8Array) => void;
}

const columns = 120;
const rows = 40;
/** End of input, as a terminal's keyboard says it. */
const endOfInput = "\u0004";

/** Both outputs through pipes, in the order in which they are read. Rejects where it cannot be started. */
async function startWithPipes({ command, folder, environment, input, onOutput }: ProcessOptions): Promise<StartedProcess> {
	const child = spawn(command.file, [...command.args], {
		cwd: folder,
		env: environment,
		detached: process.platform !== "win32",
		windowsHide: true,
	});
	const exited = new Promise<ProcessEnd>((resolve) => {
		child.once("exit", (exitCode, signal) => resolve({ exitCode, signal }));
	});
	const drained = new Promise<void>((resolve) => {
		child.once("close", () => resolve());
	});
	child.stdout.on("data", onOutput);
	child.stderr.on("data", onOutput);
	// It may end without having read all of it (EPIPE).
	child.stdin.on("error", () => undefined);
	child.stdin.end(input);
	await new Promise<void>((resolve, reject) => {
		child.once("spawn", resolve);
		child.on("error", reject);
	});
	return { pid: child.pid ?? 0, exited, drained };
}

async function startInTerminal({ command, folder, environment, input, onOutput }: ProcessOptions): Promise<StartedProcess> {
	const { spawn: spawnTerminal } = await import("@lydell/node-pty");
	const terminal = spawnTerminal(command.file, [...command.args], {
		name: environment.TERM ?? "xterm-256color",
		cols: columns,
		rows,
		cwd: folder,
		env: environment,
		encoding: null,
	});
	// Without an encoding it gives bytes, whatever its types say.
	terminal.onData((data) => onOutput(Buffer.from(data)));
	const exited = new Promise<ProcessEnd>((resolve) => {
		terminal.onExit(({ exitCode, signal }) => resolve({ exitCode, signal: signal === undefined || signal === 0 ? null : signal }));
	});
	if (input !== "") {
		terminal.write(`${input}${endOfInput}`);
	}
	return { pid: terminal.pid, exited, drained: exited.then(() => undefined) };
}

/** Starts a process at the head of a group of its own. Rejects where it cannot be started. */
export function startProcess(options: ProcessOptions): Promise<StartedProcess> {
	return options.terminal ? startInTerminal(options) : startWithPipes(options);
}
