import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";

/** Asks on stderr for a secret; what is typed is not shown. Rejects with the signal's reason. */
export async function askSecret(question: string, signal: AbortSignal): Promise<string> {
	process.stderr.write(question);
	const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
	const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
	lines.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
	try {
		return (await lines.question("", { signal })).trim();
	} finally {
		lines.close();
		process.stderr.write("\n");
	}
}
