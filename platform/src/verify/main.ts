import { runCheck, sumCounts } from "../checks/run-check.ts";
import { staticChecks, vitestCheck } from "../checks/static-checks.ts";
import { childEnvironment, repositoryRoot } from "../environment/env.ts";

/** `npm run verify`: format, lint, types, dead code, unit tests; no network, no processes of the platform. */
const results = [];
for (const check of [...staticChecks(), vitestCheck("unit tests", "unit")]) {
	results.push(await runCheck(check, repositoryRoot, childEnvironment()));
}
const total = sumCounts(results);
process.stdout.write(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ""}\n`);
process.exitCode = total.failed === 0 ? 0 : 1;
