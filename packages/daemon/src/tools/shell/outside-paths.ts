import path from "node:path";
import { locate, ToolInputError } from "../files/locate.ts";
import type { CommandAnalysis } from "./analyze-command.ts";

/** Files that are no files, and numbers of those that are open already. */
const devices: ReadonlySet<string> = new Set([
	"/dev/null",
	"/dev/zero",
	"/dev/tty",
	"/dev/stdin",
	"/dev/stdout",
	"/dev/stderr",
	"/dev/random",
	"/dev/urandom",
]);

/** The part of an argument that may be a path: behind `--option=`, else all of it. */
function pathPart(text: string): string {
	return /^--?[\w-]+=(.*)$/s.exec(text)?.[1] ?? text;
}

async function leadsOutside(workspace: string, place: string): Promise<boolean> {
	try {
		return !(await locate(workspace, place)).inside;
	} catch (error) {
		if (error instanceof ToolInputError) {
			return true;
		}
		throw error;
	}
}

/**
 * The words of a command that lead out of the workspace, as they stand. A target of a redirection that is not known
 * before the command runs counts as outside; of arguments only what looks like a path. `folder` is where the command begins.
 */
export async function outsidePaths(analysis: CommandAnalysis, workspace: string, folder: string): Promise<readonly string[]> {
	const outside = new Set<string>();
	for (const { text, fixed, redirect } of analysis.paths) {
		const place = pathPart(text);
		const climbs = place.split(/[/\\]/).includes("..");
		const looksLikePath = redirect !== null || path.isAbsolute(place) || climbs;
		if (devices.has(place) || (redirect !== null && /^(\d+|-)$/.test(place))) {
			continue;
		}
		const unknown = /^~/.test(place) || /^\$\{?HOME\b/.test(place) || (looksLikePath && (!fixed || (analysis.changesFolder && climbs)));
		if (unknown || (looksLikePath && (await leadsOutside(workspace, path.resolve(folder, place))))) {
			outside.add(text);
		}
	}
	return [...outside];
}

/** Files that redirections write, as they stand: `out.txt` of `npm test > out.txt`. */
export function writtenPaths(analysis: CommandAnalysis): readonly string[] {
	const written = analysis.paths.filter(({ text, redirect }) => redirect === "write" && !devices.has(text) && !/^(\d+|-)$/.test(text));
	return [...new Set(written.map(({ text }) => text))];
}
