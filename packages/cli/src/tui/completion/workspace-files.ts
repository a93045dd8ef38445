import { runRipgrep } from "@opta/daemon/tools/search/run-ripgrep";

/** Most files that are offered. */
export const workspaceFileLimit = 20_000;

/** Paths of a folder's files relative to it, short ones first, without those that `.gitignore` names. Rejects where it cannot be listed. */
export async function listWorkspaceFiles(workspace: string, signal: AbortSignal): Promise<string[]> {
	const files: string[] = [];
	const onRecord = (file: string): boolean => files.push(file) < workspaceFileLimit;
	const args = ["--files", "--hidden", "--glob", "!.git", "--null"];
	try {
		await runRipgrep({ args, cwd: workspace, signal, separator: "\0", onRecord });
	} catch (error) {
		// Leaving the chat ends the listing; anything else is a fault.
		if (!signal.aborted) {
			throw error;
		}
	}
	return files.sort((left, right) => left.length - right.length || left.localeCompare(right));
}
