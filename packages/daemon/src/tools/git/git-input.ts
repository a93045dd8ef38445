import { z } from "zod";

/** A revision or range; never a flag. */
export const revisionSchema = z
	.string()
	.min(1)
	.max(200)
	.regex(/^[^-\s\p{Cc}][^\s\p{Cc}]*$/u, "A revision has no spaces and does not start with -.")
	.describe("A commit, branch, tag or range: HEAD~2, main, main...topic.");

/** Paths that a call is limited to; the whole workspace where there are none. */
export const gitPathsSchema = z
	.array(z.string().min(1))
	.max(500)
	.default([])
	.describe("Files or folders; everything in the workspace when missing.");

/** At least one path, for tools that work on places. */
export function placesOf(paths: readonly string[]): readonly [string, ...string[]] {
	const [first = ".", ...others] = paths;
	return [first, ...others];
}
