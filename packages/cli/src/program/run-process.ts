import { exitCodes } from "@opta/contracts/daemon-protocol";
import { environment } from "../env.ts";
import { createInput } from "../terminal/input.ts";
import { createOutput } from "../terminal/output.ts";
import { runProgram } from "./run-program.ts";

function leaveWhenNobodyReads(): void {
	for (const stream of [process.stdout, process.stderr]) {
		stream.on("error", (error: NodeJS.ErrnoException) => {
			if (error.code !== "EPIPE") {
				throw error;
			}
			// The reader of a pipe has what it wanted (`opta … | head`). A turn that runs goes on in the daemon.
			process.exit(exitCodes.ok);
		});
	}
}

function abortAtInterrupt(): AbortSignal {
	const stop = new AbortController();
	process.on("SIGINT", () => {
		if (stop.signal.aborted) {
			process.exit(exitCodes.interrupted);
		}
		stop.abort();
	});
	return stop.signal;
}

/** Runs this process's command line and leaves with its exit code. */
export async function runProcess(): Promise<never> {
	leaveWhenNobodyReads();
	const output = createOutput(process.stdout, process.stderr, environment);
	const code = await runProgram({
		args: process.argv.slice(2),
		output,
		input: createInput(process.stdin),
		environment,
		// npm runs scripts in the repository's folder; the user is where they called it.
		folder: environment.INIT_CWD ?? process.cwd(),
		signal: abortAtInterrupt(),
	});
	await output.flush();
	process.exit(code);
}
