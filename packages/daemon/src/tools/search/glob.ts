import path from "node:path";
import picomatch from "picomatch";
import { z } from "zod";
import { ToolInputError } from "../files/locate.ts";
import { type Places, placeTool } from "../files/place-tool.ts";
import { limitOutput } from "../output/limit-output.ts";
import type { Tool, ToolContext, ToolOutcome } from "../tool.ts";
import { runRipgrep } from "./run-ripgrep.ts";

const input = z.strictObject({
	pattern: z
		.string()
		.min(1)
		.max(1024)
		.describe("For example **/*.ts, src/**/test_*.py, {a,b}.json. Without a slash: names in every folder."),
	path: z.string().default(".").describe("Folder to search; relative to the workspace, or absolute."),
	limit: z.int().min(1).max(10_000).default(500).describe("Paths at most."),
});

/** Tells paths relative to the searched folder that fit; a pattern without a slash is about names. */
function matcherOf(pattern: string): (relative: string) => boolean {
	const plain = pattern.replace(/^\.\//, "");
	return picomatch(plain, { dot: true, basename: !plain.includes("/") });
}

async function find({ pattern, limit }: z.infer<typeof input>, [place]: Places, context: ToolContext): Promise<ToolOutcome> {
	if (path.isAbsolute(pattern) || pattern.split("/").includes("..")) {
		throw new ToolInputError("The pattern is matched below the folder of path: give the folder there, and a pattern without .. here.");
	}
	const matches = matcherOf(pattern);
	const found: string[] = [];
	const end = await runRipgrep({
		args: ["--files", "--null", "--hidden", "--glob", "!.git", "--sort", "path"],
		cwd: place.absolute,
		signal: context.signal,
		separator: "\0",
		onRecord: (record) => {
			const relative = record.split(path.sep).join("/");
			if (matches(relative)) {
				found.push(place.shown === "." ? relative : `${place.shown}/${relative}`);
			}
			return found.length <= limit;
		},
	});
	if (end.kind === "failed") {
		return { ok: false, output: end.message };
	}
	const isMore = found.length > limit;
	const lines = found.slice(0, limit);
	if (lines.length === 0) {
		const why = end.kind === "timed_out" ? " in one minute; search a smaller folder" : " (ignored files do not count)";
		return { ok: end.kind === "done", output: `No file matches ${pattern} in ${place.shown}${why}.` };
	}
	const note = isMore ? `\n[More than ${limit} files match. Narrow the pattern, or raise limit.]` : "";
	const late = end.kind === "timed_out" ? "\n[Stopped after one minute. Search a smaller folder.]" : "";
	const limited = limitOutput(lines.join("\n") + note + late, context.maxOutputBytes, "Narrow the pattern, or search a folder below.");
	return { ok: true, output: limited.text, truncated: limited.truncated || isMore || late !== "" };
}

/** `glob`. */
export function globTool(): Tool {
	return placeTool({
		name: "glob",
		description: "Finds files by their paths, sorted. Files that .gitignore names are left out. To search in contents use grep.",
		kind: "read",
		input,
		paths: (args) => [args.path],
		title: ({ pattern }, [shown]) => (shown === "." ? `Find ${pattern}` : `Find ${pattern} in ${shown}`),
		run: find,
	});
}
