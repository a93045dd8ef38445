import { spawn } from "node:child_process";
import { rgPath } from "@vscode/ripgrep";

/** Most files that are offered. */
export const workspaceFileLimit = 20_000;

/** Paths of a folder's files relative to it, without those that `.gitignore` names, by ripgrep. Empty where it cannot be listed. */
export function listWorkspaceFiles(workspace: string, signal: AbortSignal): Promise<string[]> {
	const { promise, resolve } = Promise.withResolvers<string[]>();
	const rg = spawn(rgPath, ["--files", "--hidden", "--glob", "!.git", "--null"], {
		cwd: workspace,
		stdio: ["ignore", "pipe", "ignore"],
		signal,
	});
	const files: string[] = [];
	let rest = "";
	rg.stdout.setEncoding("utf8");
	rg.stdout.on("data", (chunk: string) => {
		const names = (rest + chunk).split("\0");
		rest = names.pop() ?? "";
		files.push(...names.slice(0, workspaceFileLimit - files.length));
		if (files.length >= workspaceFileLimit) {
			rg.kill();
		}
	});
	rg.on("error", () => resolve([]));
	rg.on("close", () => resolve(files.sort((left, right) => left.length - right.length || left.localeCompare(right))));
	return promise;
}
