import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { findChromium } from "../browser/find-chromium.ts";
import { readPlaywrightCounts } from "../checks/read-report.ts";
import { type Check, type Counts, runCheck, sumCounts } from "../checks/run-check.ts";
import { localBin, staticChecks, vitestCheck } from "../checks/static-checks.ts";
import { childEnvironment, environment, repositoryRoot } from "../environment/env.ts";

/** `npm test`: everything, on ports and a home of its own; the last line says how many passed and failed. */
const baseEnv = { ...childEnvironment(), ...(environment.CI === undefined ? {} : { CI: environment.CI }) };
const results: Counts[] = [];
const run = async (check: Check): Promise<boolean> => {
	const counts = await runCheck(check, repositoryRoot, baseEnv);
	results.push(counts);
	return counts.failed === 0;
};

for (const check of [...staticChecks(), vitestCheck("unit tests", "unit")]) {
	await run(check);
}
const built = await run({
	name: "build",
	command: localBin("turbo"),
	args: ["run", "build", "--concurrency=2", "--output-logs=errors-only"],
});
if (built) {
	await run({ name: "JavaScript budgets", command: process.execPath, args: [path.join(repositoryRoot, "bench", "js-budget", "main.ts")] });
}
await run(vitestCheck("integration tests", "integration"));
const chromium = built ? findChromium((line) => process.stdout.write(`${line}\n`)) : null;
if (chromium === null) {
	process.stdout.write(
		built ? "No Chromium could be found or installed; set OPTA_CHROMIUM to one.\n" : "The browser tests need the build that failed.\n",
	);
	results.push({ passed: 0, failed: 1, skipped: 0 });
} else {
	const report = path.join(mkdtempSync(path.join(tmpdir(), "opta-report-")), "playwright.json");
	await run({
		name: "browser tests",
		command: localBin("playwright"),
		args: ["test", "--config", "e2e/playwright.config.ts"],
		env: { OPTA_CHROMIUM: chromium, PLAYWRIGHT_JSON_OUTPUT_NAME: report },
		readCounts: () => readPlaywrightCounts(report),
	});
}
const total = sumCounts(results);
process.stdout.write(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ""}\n`);
process.exitCode = total.failed === 0 ? 0 : 1;
