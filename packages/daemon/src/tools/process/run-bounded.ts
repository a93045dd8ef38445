import { spawn } from "node:child_process";
import { once } from "node:events";
import { endWithin } from "../output/limit-output.ts";

/** A program that runs to its end by itself: it asks nothing and leaves nothing running. */
export interface BoundedRun {
	readonly program: string;
	readonly args: readonly string[];
	readonly cwd: string;
	/** All of its variables. */
	readonly environment: Readonly<Record<string, string>>;
	readonly signal: AbortSignal;
	readonly timeoutMs: number;
	/** Text on its standard input; nothing when missing. */
	readonly input?: string;
	/** Takes what it writes; false ends it. */
	readonly onOutput: (chunk: Buffer) => boolean;
}

/** How it ended. */
export interface BoundedEnd {
	readonly kind: "done" | "stopped" | "timed_out";
	/** Null where it was ended. */
	readonly code: number | null;
	/** The end of what it wrote to standard error. */
	readonly message: string;
}

const maxMessageBytes = 4000;

/** Runs a program. Rejects where the signal says so or it cannot be started; it is gone when this settles. */
export async function runBounded(run: BoundedRun): Promise<BoundedEnd> {
	run.signal.throwIfAborted();
	const child = spawn(run.program, run.args, { cwd: run.cwd, env: run.environment, stdio: ["pipe", "pipe", "pipe"], windowsHide: true });
	let kind: BoundedEnd["kind"] = "done";
	let ended = false;
	const end = (why: BoundedEnd["kind"]): void => {
		if (!ended) {
			ended = true;
			kind = why;
			child.kill("SIGKILL");
		}
	};
	const cancel = (): void => end("stopped");
	run.signal.addEventListener("abort", cancel);
	const timer = setTimeout(() => end("timed_out"), run.timeoutMs);
	let message = "";
	child.stderr.setEncoding("utf8").on("data", (text: string) => {
		message = endWithin(message + text, maxMessageBytes);
	});
	child.stdout.on("data", (chunk: Buffer) => {
		if (!ended && !run.onOutput(chunk)) {
			end("stopped");
		}
	});
	// A program that does not read its input is no failure: its end tells what it made of it.
	child.stdin.on("error", () => undefined).end(run.input ?? "");
	try {
		const [code] = (await once(child, "close")) as [number | null];
		run.signal.throwIfAborted();
		return { kind, code, message: message.trim() };
	} finally {
		clearTimeout(timer);
		run.signal.removeEventListener("abort", cancel);
	}
}
