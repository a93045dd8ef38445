import type { z } from "zod";

/** One line for a person about the first thing that is wrong with settings: its place, the setting, the problem. */
export function describeConfigIssue(error: z.ZodError, placeOf: (path: readonly PropertyKey[]) => string): string {
	const [issue] = error.issues;
	if (issue === undefined) {
		return `${placeOf([])}: the configuration is not valid.`;
	}
	if (issue.code === "unrecognized_keys") {
		const where = [...issue.path, issue.keys[0] ?? ""];
		return `${placeOf(where)}: there is no setting "${where.map(String).join(".")}". Remove it, or check its spelling.`;
	}
	const name = issue.path.map(String).join(".");
	return `${placeOf(issue.path)}: "${name}" is not valid: ${issue.message}.`;
}
