import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { readVitestFailures } from "./read-report.ts";

function failuresOf(report: unknown): string | null {
	const file = path.join(mkdtempSync(path.join(tmpdir(), "report-")), "vitest.json");
	writeFileSync(file, JSON.stringify(report));
	return readVitestFailures(file);
}

it("names each failed test with its file and words, and files that did not load", () => {
	const file = (name: string) => path.join(process.cwd(), name);
	const text = failuresOf({
		testResults: [
			{
				name: file("a.test.ts"),
				message: "",
				assertionResults: [
					{ status: "passed", fullName: "good", failureMessages: [] },
					{ status: "failed", fullName: "bad thing", failureMessages: ["expected 1 to be 2"] },
				],
			},
			{ name: file("b.test.ts"), message: "Cannot find module", assertionResults: [] },
		],
	});
	expect(text).toBe("a.test.ts > bad thing\n  expected 1 to be 2\n\nb.test.ts\n  Cannot find module");
});

it("says nothing where the report names no failure", () => {
	expect(failuresOf({ testResults: [] })).toBeNull();
	expect(failuresOf("nonsense")).toBeNull();
});
