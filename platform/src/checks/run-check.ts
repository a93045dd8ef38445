import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** One command of `npm test` or `npm run verify`. */
export interface Check {
	readonly name: string;
	readonly command: string;
	readonly args: readonly string[];
	readonly env?: Readonly<Record<string, string>>;
	/** Reads the counts of a test runner's report once the command has ended; without it the command counts as one check. */
	readonly readCounts?: () => Counts | null;
	/** The failed tests in few words, which then stand for the whole output; null when the report does not name them. */
	readonly readFailures?: () => string | null;
	/** Print the output as it comes instead of only on failure. */
	readonly verbose?: boolean;
}

/** How many tests a check ran, by outcome. */
export interface Counts {
	readonly passed: number;
	readonly failed: number;
	readonly skipped: number;
}

/** Adds counts up. */
export function sumCounts(all: readonly Counts[]): Counts {
	const add = (key: keyof Counts): number => all.reduce((sum, counts) => sum + counts[key], 0);
	return { passed: add("passed"), failed: add("failed"), skipped: add("skipped") };
}

/**
 * Counts of a check whose runner's report says `reported` and whose command exited with `exitCode`. A command that
 * failed without a failed test (a crash, a test file that does not load) counts as one failure more.
 */
export function countsOf(exitCode: number, reported: Counts | null): Counts {
	if (reported === null) {
		return exitCode === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
	}
	return exitCode !== 0 && reported.failed === 0 ? { ...reported, failed: 1 } : reported;
}

/** Runs a check to its end and reports it in one line, with its output when it failed. */
export async function runCheck(check: Check, cwd: string, baseEnv: Readonly<Record<string, string | undefined>>): Promise<Counts> {
	const started = performance.now();
	const kept: string[] = [];
	const child = spawn(check.command, check.args, { cwd, env: { ...baseEnv, ...check.env }, stdio: ["ignore", "pipe", "pipe"] });
	for (const stream of [child.stdout, child.stderr]) {
		createInterface({ input: stream }).on("line", (line) => {
			if (check.verbose === true) {
				process.stdout.write(`  ${line}\n`);
			} else {
				kept.push(line);
			}
		});
	}
	const exitCode = await new Promise<number>((resolve) => {
		child.on("error", (error) => {
			kept.push(error.message);
			resolve(1);
		});
		child.on("close", (code) => resolve(code ?? 1));
	});
	const counts = countsOf(exitCode, check.readCounts?.() ?? null);
	const seconds = ((performance.now() - started) / 1000).toFixed(1);
	const verdict = counts.failed === 0 ? "ok" : "FAILED";
	const detail = check.readCounts === undefined ? "" : `  ${counts.passed} passed${counts.failed > 0 ? `, ${counts.failed} failed` : ""}`;
	process.stdout.write(`${verdict.padEnd(7)}${check.name.padEnd(22)}${seconds.padStart(7)} s${detail}\n`);
	if (counts.failed > 0) {
		process.stdout.write(`${check.readFailures?.() ?? kept.slice(-400).join("\n")}\n`);
	}
	return counts;
}
