import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { repositoryRoot } from "../environment/env.ts";
import { readVitestCounts, readVitestFailures } from "./read-report.ts";
import type { Check } from "./run-check.ts";

/** A program of node_modules/.bin. */
export function localBin(name: string): string {
	return path.join(repositoryRoot, "node_modules", ".bin", name);
}

/** A Vitest project as a check, counted by its JSON report. */
export function vitestCheck(name: string, project: string): Check {
	const report = path.join(mkdtempSync(path.join(tmpdir(), "opta-report-")), "vitest.json");
	return {
		name,
		command: process.execPath,
		args: [
			path.join(repositoryRoot, "node_modules", "vitest", "vitest.mjs"),
			"run",
			"--project",
			project,
			"--reporter=default",
			"--reporter=json",
			`--outputFile.json=${report}`,
		],
		readCounts: () => readVitestCounts(report),
		readFailures: () => readVitestFailures(report),
	};
}

/** The checks that need no network, no build and no running process. */
export function staticChecks(): readonly Check[] {
	return [
		{ name: "format and lint", command: localBin("biome"), args: ["ci", "--error-on-warnings", "."] },
		{ name: "types", command: localBin("turbo"), args: ["run", "typecheck", "--output-logs=errors-only"] },
		{ name: "dead code", command: localBin("knip"), args: [] },
		{ name: "dependency versions", command: localBin("sherif"), args: [] },
	];
}
