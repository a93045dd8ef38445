import { z } from "zod";
import { type Places, placeTool } from "../files/place-tool.ts";
import { isSecretPath } from "../files/sensitive-path.ts";
import { limitOutput } from "../output/limit-output.ts";
import type { Tool, ToolContext, ToolOutcome } from "../tool.ts";
import { gitPathsSchema, placesOf, revisionSchema } from "./git-input.ts";
import { assertNoFilters, expectGit } from "./run-git.ts";

const input = z.strictObject({
	staged: z.boolean().default(false).describe("What is staged instead of what is not."),
	revision: revisionSchema.optional(),
	paths: gitPathsSchema,
	stat: z.boolean().default(false).describe("Only names and numbers of lines."),
});

async function diff(args: z.infer<typeof input>, places: Places, context: ToolContext): Promise<ToolOutcome> {
	await assertNoFilters(context);
	const named = new Set(places.map((place) => place.shown));
	const what = [
		...["diff", "--no-ext-diff", "--no-textconv", "--relative"],
		...(args.staged ? ["--cached"] : []),
		...(args.revision === undefined ? [] : [args.revision]),
	];
	const pathspecs = places.map((place) => `:(literal)${place.absolute}`);
	const changed = (await expectGit([...what, "--name-only", "-z", "--", ...pathspecs], context)).output.split("\0");
	const secrets = changed.filter((name) => isSecretPath(name) && !named.has(name));
	const left = secrets.map((name) => `:(exclude,literal)${name}`);
	const { output, isCut } = await expectGit([...what, args.stat ? "--stat" : "--patch", "--", ...pathspecs, ...left], context);
	const note = secrets.length === 0 ? "" : `\n[Not shown, as they may hold secrets: ${secrets.join(", ")}. Name one in paths to see it.]`;
	if (output === "") {
		return { ok: true, output: `There is no difference.${note}` };
	}
	const more = isCut ? "\n[The diff goes on. Name paths, or use stat.]" : "";
	const limited = limitOutput(output.trimEnd() + note + more, context.maxOutputBytes, "Name paths, or use stat.");
	return { ok: true, output: limited.text, truncated: limited.truncated || isCut };
}

/** `git_diff`. */
export function gitDiffTool(): Tool {
	return placeTool({
		name: "git_diff",
		description: "Shows changes as a unified diff: of the working tree, of what is staged, or against a revision or between two.",
		kind: "read",
		input,
		paths: ({ paths }) => placesOf(paths),
		title: ({ revision, staged }) =>
			["Git diff", staged ? "of what is staged" : "", revision ?? ""].filter((part) => part !== "").join(" "),
		run: diff,
	});
}
