import { createInterface } from "node:readline/promises";

/** Asks on stderr for one line of the terminal. Rejects with the signal's reason. */
export async function askLine(question: string, signal: AbortSignal): Promise<string> {
	const lines = createInterface({ input: process.stdin, output: process.stderr });
	// Readline takes Ctrl-C for itself while it asks; it is meant for the program.
	lines.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
	try {
		return await lines.question(question, { signal });
	} finally {
		lines.close();
	}
}

/** Asks one question after the other, however many come at once. One whose signal has aborted meanwhile is not shown. */
export function askOneByOne(ask: typeof askLine = askLine): typeof askLine {
	let last: Promise<unknown> = Promise.resolve();
	return (question, signal) => {
		const next = last.then(() => {
			signal.throwIfAborted();
			return ask(question, signal);
		});
		// The next question comes however this one ends.
		last = next.catch(() => undefined);
		return next;
	};
}
