import { z } from "zod";
import { ToolInputError } from "../files/locate.ts";
import { type Places, placeTool } from "../files/place-tool.ts";
import { isSecretPath } from "../files/sensitive-path.ts";
import type { Tool, ToolContext, ToolOutcome } from "../tool.ts";
import { placesOf } from "./git-input.ts";
import { assertNoFilters, expectGit, type GitContext } from "./run-git.ts";

const input = z.strictObject({
	message: z.string().min(1).max(20_000),
	paths: z.array(z.string().min(1)).min(1).max(500).describe("Files or folders to commit; nothing else is, even if it is staged."),
});

/** Files below these places that Git would have to add first; as Git names them from the workspace. */
async function untrackedIn(pathspecs: readonly string[], context: GitContext): Promise<string[]> {
	const { output } = await expectGit(["ls-files", "--others", "--exclude-standard", "-z", "--", ...pathspecs], context);
	return output.split("\0").filter((name) => name !== "");
}

async function commit({ message }: z.infer<typeof input>, places: Places, context: ToolContext): Promise<ToolOutcome> {
	await assertNoFilters(context);
	const pathspecs = places.map((place) => `:(literal)${place.absolute}`);
	const named = new Set(places.map((place) => place.shown));
	const added = await untrackedIn(pathspecs, context);
	const secrets = added.filter((name) => isSecretPath(name) && !named.has(name));
	if (secrets.length > 0) {
		throw new ToolInputError(
			`These files may hold secrets and would be committed: ${secrets.join(", ")}. Name what you mean without them.`,
		);
	}
	if (added.length > 0) {
		await expectGit(
			["add", "--intent-to-add", "--pathspec-from-file=-", "--pathspec-file-nul"],
			context,
			added.map((name) => `:(literal)${name}`).join("\0"),
		);
	}
	try {
		await expectGit(["commit", "--only", "--no-verify", "--quiet", "--cleanup=strip", `--message=${message}`, "--", ...pathspecs], context);
	} catch (error) {
		if (added.length > 0) {
			await expectGit(["reset", "--quiet", "--", ...added.map((name) => `:(literal)${name}`)], context);
		}
		throw error;
	}
	const { output } = await expectGit(["show", "--stat", "--format=%h %s", "--no-ext-diff", "--no-textconv", "HEAD"], context);
	return {
		ok: true,
		output: `${output.trimEnd()}\nHooks were not run and nothing was signed; use run_command with git commit where the project needs that.`,
	};
}

/** `git_commit`. */
export function gitCommitTool(): Tool {
	return placeTool({
		name: "git_commit",
		description: "Commits the named files as they are in the working tree, and nothing else. Runs no hooks, signs nothing, never pushes.",
		kind: "execute",
		input,
		paths: ({ paths }) => placesOf(paths),
		title: ({ message }, shown) => `Commit ${shown.length <= 3 ? shown.join(", ") : `${shown.length} paths`}: ${message.split("\n", 1)[0]}`,
		detail: async ({ message }, places) => `${message}\n\n${places.map((place) => place.shown).join("\n")}`,
		run: commit,
	});
}
