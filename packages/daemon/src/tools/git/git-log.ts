import { z } from "zod";
import { placeTool } from "../files/place-tool.ts";
import { limitOutput } from "../output/limit-output.ts";
import type { Tool } from "../tool.ts";
import { gitPathsSchema, placesOf, revisionSchema } from "./git-input.ts";
import { expectGit } from "./run-git.ts";

const input = z.strictObject({
	revision: revisionSchema.default("HEAD"),
	paths: gitPathsSchema,
	limit: z.int().min(1).max(500).default(20).describe("Commits at most."),
});

/** `git_log`. */
export function gitLogTool(): Tool {
	return placeTool({
		name: "git_log",
		description:
			"Lists commits, newest first: short hash, date, author, names that point to it, subject. To see what one changed use git_diff with hash^..hash.",
		kind: "read",
		input,
		paths: ({ paths }) => placesOf(paths),
		title: ({ revision, limit }) => `Git log of ${revision} (${limit})`,
		run: async ({ revision, paths, limit }, places, context) => {
			const format = "--format=%h %ad %an%d: %s";
			const pathspecs = paths.length === 0 ? [] : ["--", ...places.map((place) => `:(literal)${place.absolute}`)];
			const args = ["log", `--max-count=${limit}`, "--date=iso-strict", format, "--end-of-options", revision, ...pathspecs];
			const { output } = await expectGit(args, context);
			const limited = limitOutput(output.trimEnd() || "There are no commits.", context.maxOutputBytes, "Ask for fewer commits.");
			return { ok: true, output: limited.text, truncated: limited.truncated };
		},
	});
}
