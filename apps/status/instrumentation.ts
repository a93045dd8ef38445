import { statusProber } from "./probe/status-prober.ts";

/** Runs once, when the server starts: the checks begin without a visitor. A variable that cannot be used ends the process with one line. */
export function register(): void {
	try {
		statusProber();
	} catch (error) {
		if (!(error instanceof RangeError)) {
			throw error;
		}
		process.stderr.write(`Opta Status: ${error.message}\n`);
		process.exit(1);
	}
}
