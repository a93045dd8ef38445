import { statusProber } from "./probe/status-prober.ts";

/**
 * Runs once, when the server starts: the checks need no visitor. A variable that cannot be used ends the process with
 * one line on stderr and exit code 1.
 */
export function register(): void {
	// Named one by one because the build warns of `process.…` here: it compiles this file for the edge too, where it never runs.
	const { exit, stderr } = process;
	try {
		statusProber();
	} catch (error) {
		if (!(error instanceof RangeError)) {
			throw error;
		}
		stderr.write(`Opta Status: ${error.message}\n`);
		exit(1);
	}
}
