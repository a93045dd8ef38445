import { z } from "zod";
import { placeTool } from "../files/place-tool.ts";
import { limitOutput } from "../output/limit-output.ts";
import type { Tool } from "../tool.ts";
import { assertNoFilters, expectGit } from "./run-git.ts";

/** `git_status`. */
export function gitStatusTool(): Tool {
	return placeTool({
		name: "git_status",
		description: "Shows the branch and what is changed, staged, in conflict or untracked in the workspace, as git status --short does.",
		kind: "read",
		input: z.strictObject({}),
		paths: () => ["."],
		title: () => "Git status",
		run: async (_, __, context) => {
			await assertNoFilters(context);
			const { output } = await expectGit(["status", "--short", "--branch", "--untracked-files=normal", "--", "."], context);
			const clean = output.split("\n").filter((line) => line !== "").length <= 1;
			const limited = limitOutput(output.trimEnd(), context.maxOutputBytes, "Use git_diff with paths.");
			return { ok: true, output: clean ? `${limited.text}\nNothing is changed.` : limited.text, truncated: limited.truncated };
		},
	});
}
