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
