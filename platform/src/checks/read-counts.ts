import { readFileSync } from "node:fs";
import { z } from "zod";
import type { Counts } from "./run-check.ts";

const vitestReportSchema = z.object({ numPassedTests: z.int(), numFailedTests: z.int(), numPendingTests: z.int(), numTodoTests: z.int() });
const playwrightReportSchema = z.object({ stats: z.object({ expected: z.int(), unexpected: z.int(), flaky: z.int(), skipped: z.int() }) });

function readJson(file: string): unknown {
	try {
		return JSON.parse(readFileSync(file, "utf8"));
	} catch (error) {
		process.stdout.write(`The report ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}\n`);
		return null;
	}
}

/** Counts of Vitest's JSON report; null when there is none. */
export function readVitestCounts(file: string): Counts | null {
	const report = vitestReportSchema.safeParse(readJson(file));
	return report.success
		? {
				passed: report.data.numPassedTests,
				failed: report.data.numFailedTests,
				skipped: report.data.numPendingTests + report.data.numTodoTests,
			}
		: null;
}

/** Counts of Playwright's JSON report; a test that passed only when repeated counts as failed. */
export function readPlaywrightCounts(file: string): Counts | null {
	const report = playwrightReportSchema.safeParse(readJson(file));
	return report.success
		? {
				passed: report.data.stats.expected,
				failed: report.data.stats.unexpected + report.data.stats.flaky,
				skipped: report.data.stats.skipped,
			}
		: null;
}
