import os from "node:os";
import { ToolInputError } from "../files/locate.ts";
import { findProgram } from "../process/find-program.ts";
import { type BoundedEnd, runBounded } from "../process/run-bounded.ts";
import type { ToolContext } from "../tool.ts";

/** What a call of Git needs of the tool's context. */
export type GitContext = Pick<ToolContext, "workspace" | "environment" | "signal">;

/** What Git wrote. */
export interface GitEnd extends BoundedEnd {
	readonly output: string;
	/** It wrote more than is taken. */
	readonly isCut: boolean;
}

const timeoutMs = 60_000;
const maxOutputBytes = 4 * 1024 * 1024;

/** Settings that keep Git from asking, paging, reaching the network and running programs that a repository names. */
const settings = [
	...["core.pager=cat", "color.ui=false", "core.quotePath=false", "log.showSignature=false", "advice.addIgnoredFile=false"],
	...[
		"core.fsmonitor=false",
		`core.hooksPath=${os.devNull}`,
		"commit.gpgSign=false",
		"diff.external=",
		"gc.auto=0",
		"maintenance.auto=false",
	],
].flatMap((setting) => ["-c", setting]);

function gitEnvironment(environment: Readonly<Record<string, string>>): Record<string, string> {
	const plain = Object.entries(environment).filter(([name]) => !name.toUpperCase().startsWith("GIT_"));
	return {
		...Object.fromEntries(plain),
		GIT_TERMINAL_PROMPT: "0",
		GIT_OPTIONAL_LOCKS: "0",
		GIT_NO_LAZY_FETCH: "1",
		GIT_EDITOR: ":",
		GIT_ASKPASS: "",
		LC_ALL: "C.UTF-8",
	};
}

/** Runs Git in the workspace. Rejects with `ToolInputError` where it is not installed or takes too long. */
export async function runGit(args: readonly string[], { workspace, environment, signal }: GitContext, input?: string): Promise<GitEnd> {
	const program = await findProgram("git", environment);
	if (program === null) {
		throw new ToolInputError("Git is not installed, or not in the PATH of this session.");
	}
	const chunks: Buffer[] = [];
	let bytes = 0;
	const end = await runBounded({
		program,
		args: ["--no-pager", ...settings, ...args],
		cwd: workspace,
		environment: gitEnvironment(environment),
		signal,
		timeoutMs,
		...(input === undefined ? {} : { input }),
		onOutput: (chunk) => {
			chunks.push(chunk);
			bytes += chunk.length;
			return bytes <= maxOutputBytes;
		},
	});
	if (end.kind === "timed_out") {
		throw new ToolInputError(`git ${args[0]} was ended after ${timeoutMs / 1000} seconds.`);
	}
	return { ...end, output: Buffer.concat(chunks).toString("utf8"), isCut: end.kind === "stopped" };
}

/** As `runGit`, but rejects with Git's own words where it fails. */
export async function expectGit(args: readonly string[], context: GitContext, input?: string): Promise<GitEnd> {
	const end = await runGit(args, context, input);
	if (!end.isCut && end.code !== 0) {
		throw new ToolInputError(end.message === "" ? `git ${args[0]} failed (${end.code}).` : end.message);
	}
	return end;
}

/** Rejects where the repository's own settings would run programs on files (`filter.<name>.clean`): they came with the folder. */
export async function assertNoFilters(context: GitContext): Promise<void> {
	const found = await runGit(
		["config", "--local", "--includes", "--name-only", "--get-regexp", "^filter\\..*\\.(clean|process)$"],
		context,
	);
	if (found.output !== "") {
		const names = found.output.trim().split("\n").join(", ");
		throw new ToolInputError(`The settings of this repository run programs on its files (${names}). Use run_command with git instead.`);
	}
}
