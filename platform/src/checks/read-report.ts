import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import type { Counts } from "./run-check.ts";

const vitestReportSchema = z.object({ numPassedTests: z.int(), numFailedTests: z.int(), numPendingTests: z.int(), numTodoTests: z.int() });
const playwrightReportSchema = z.object({ stats: z.object({ expected: z.int(), unexpected: z.int(), flaky: z.int(), skipped: z.int() }) });

const vitestFailuresSchema = z.object({
	testResults: z.array(
		z.object({
			name: z.string(),
			message: z.string().default(""),
			assertionResults: z.array(z.object({ status: z.string(), fullName: z.string(), failureMessages: z.array(z.string()).default([]) })),
		}),
	),
});
const mostLines = 40;

function firstLines(text: string): string {
	return text
		.split("\n")
		.slice(0, mostLines)
		.map((line) => `  ${line}`)
		.join("\n");
}

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

/** The failed tests of Vitest's JSON report, each with the first lines of what it said; null when it names none. */
export function readVitestFailures(file: string): string | null {
	const report = vitestFailuresSchema.safeParse(readJson(file));
	const failures = (report.data?.testResults ?? []).flatMap(({ name, message, assertionResults }) => {
		const failed = assertionResults.filter(({ status }) => status === "failed");
		const place = path.relative(process.cwd(), name);
		return failed.length === 0 && message !== ""
			? [`${place}\n${firstLines(message)}`]
			: failed.map(({ fullName, failureMessages }) => `${place} > ${fullName}\n${firstLines(failureMessages.join("\n"))}`);
	});
	return failures.length === 0 ? null : failures.join("\n\n");
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
