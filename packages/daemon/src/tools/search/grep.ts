import { stat } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { ToolInputError } from "../files/locate.ts";
import { type Places, placeTool } from "../files/place-tool.ts";
import { isSecretPath } from "../files/sensitive-path.ts";
import { absolutePath, isInside } from "../files/workspace-path.ts";
import { limitOutput } from "../output/limit-output.ts";
import type { Tool, ToolContext, ToolOutcome } from "../tool.ts";
import { grepRecordSchema, textIn } from "./grep-record.ts";
import { runRipgrep } from "./run-ripgrep.ts";

const input = z.strictObject({
	pattern: z.string().min(1).max(4096).describe("Regular expression (Rust's; look-around is understood too)."),
	path: z.string().default(".").describe("File or folder; relative to the workspace, or absolute."),
	glob: z.string().max(1024).optional().describe("Only files that match, for example *.ts or src/**/*.py."),
	ignore_case: z.boolean().default(false),
	literal: z.boolean().default(false).describe("Takes the pattern as plain text."),
	multiline: z.boolean().default(false).describe("Lets the pattern match across lines."),
	hidden: z.boolean().default(false).describe("Searches hidden files too."),
	files_only: z.boolean().default(false).describe("Lists files that match instead of lines."),
	context: z.int().min(0).max(20).default(0).describe("Lines to show before and after each match."),
	limit: z.int().min(1).max(2000).default(200).describe("Matches (or files) at most."),
});

type GrepInput = z.infer<typeof input>;

const maxLineLength = 500;

function ripgrepArgs(args: GrepInput): string[] {
	return [
		...["--json", "--sort", "path", "--max-filesize", "8M", "--engine", "auto", "--glob", "!.git"],
		...(args.glob === undefined ? [] : ["--glob", args.glob]),
		...(args.ignore_case ? ["--ignore-case"] : []),
		...(args.literal ? ["--fixed-strings"] : []),
		...(args.multiline ? ["--multiline", "--multiline-dotall"] : []),
		...(args.hidden ? ["--hidden"] : []),
		...(args.files_only ? ["--max-count", "1"] : ["--context", String(args.context)]),
		...["--regexp", args.pattern],
	];
}

function cut(line: string): string {
	const plain = line.replace(/\r?\n$/, "");
	return plain.length > maxLineLength ? `${plain.slice(0, maxLineLength)}… [${plain.length - maxLineLength} more characters]` : plain;
}

/** Turns ripgrep's records into lines for the model: a path, then `12:` for matches and `13-` for lines around them. */
class GrepOutput {
	readonly lines: string[] = [];
	matches = 0;
	secrets = 0;
	#file = "";
	#isLeftOut = false;
	#lastLine = 0;
	readonly #args: GrepInput;
	readonly #shownOf: (found: string) => string;
	readonly #mayShow: (shown: string) => boolean;

	constructor(args: GrepInput, shownOf: (found: string) => string, mayShow: (shown: string) => boolean) {
		this.#args = args;
		this.#shownOf = shownOf;
		this.#mayShow = mayShow;
	}

	/** False when there is enough. */
	take(record: string): boolean {
		if (record === "") {
			return true;
		}
		const { type, data } = grepRecordSchema.parse(JSON.parse(record));
		if (type === "begin") {
			this.#begin(this.#shownOf(textIn(data.path)));
		} else if ((type === "match" || type === "context") && !this.#isLeftOut) {
			if (type === "match" && this.matches === this.#args.limit) {
				return false;
			}
			this.#line(type === "match", data.line_number ?? 0, textIn(data.lines));
		}
		return true;
	}

	#begin(shown: string): void {
		this.#file = shown;
		this.#lastLine = 0;
		this.#isLeftOut = !this.#mayShow(shown);
		this.secrets += this.#isLeftOut ? 1 : 0;
	}

	#line(isMatch: boolean, number: number, text: string): void {
		this.matches += isMatch ? 1 : 0;
		if (this.#args.files_only) {
			this.lines.push(this.#file);
			return;
		}
		if (this.#lastLine === 0) {
			this.lines.push(...(this.lines.length > 0 ? [""] : []), this.#file);
		} else if (number > this.#lastLine + 1 && this.#args.context > 0) {
			this.lines.push("--");
		}
		const parts = text.replace(/\n$/, "").split("\n");
		for (const [index, part] of parts.entries()) {
			this.lines.push(`${number + index}${isMatch ? ":" : "-"}${cut(part)}`);
		}
		this.#lastLine = number + parts.length - 1;
	}
}

async function search(home: string, args: GrepInput, [place]: Places, context: ToolContext): Promise<ToolOutcome> {
	const found = await stat(place.absolute);
	const isFolder = found.isDirectory();
	if (!isFolder && !found.isFile()) {
		throw new ToolInputError(`${place.shown} is neither a file nor a folder.`);
	}
	const cwd = isFolder ? place.absolute : path.dirname(place.absolute);
	const shownOf = (found: string): string => {
		const relative = found.split(path.sep).join("/").replace(/^\.\//, "");
		return !isFolder ? place.shown : place.shown === "." ? relative : `${place.shown}/${relative}`;
	};
	const isOwn = (shown: string): boolean => !isInside(home, context.workspace) && isInside(home, absolutePath(context.workspace, shown));
	const output = new GrepOutput(args, shownOf, (shown) => !isFolder || !(isSecretPath(shown) || isOwn(shown)));
	const target = isFolder ? "." : `./${path.basename(place.absolute)}`;
	const end = await runRipgrep({
		args: [...ripgrepArgs(args), "--", target],
		cwd,
		signal: context.signal,
		separator: "\n",
		onRecord: (record) => output.take(record),
	});
	if (end.kind === "failed" && output.matches === 0) {
		return { ok: false, output: end.message };
	}
	const notes = [
		...(end.kind === "stopped"
			? [`Stopped after ${args.limit} ${args.files_only ? "files" : "matches"}. Narrow the search, or raise limit.`]
			: []),
		...(end.kind === "timed_out" ? ["Stopped after one minute. Search a smaller folder."] : []),
		...(end.kind === "failed" ? [`Some files could not be searched: ${end.message}`] : []),
		...(output.secrets > 0
			? [`${output.secrets} files that may hold secrets match and are not shown; name one as path to search it.`]
			: []),
	];
	if (output.matches === 0) {
		return { ok: true, output: [`Nothing in ${place.shown} matches.`, ...notes].join(" ") };
	}
	const text = output.lines.join("\n") + notes.map((note) => `\n[${note}]`).join("");
	const limited = limitOutput(text, context.maxOutputBytes, "Narrow the search, or use files_only.");
	return { ok: true, output: limited.text, truncated: limited.truncated || end.kind !== "done" };
}

/** `grep`. What lies in `home`, Opta's own folder, is taken for secret. */
export function grepTool(home: string): Tool {
	return placeTool({
		name: "grep",
		description:
			"Searches in the contents of files with ripgrep; files that .gitignore names, binary and hidden ones are left out. Lines come as number:text under their file. To find files by name use glob.",
		kind: "read",
		input,
		paths: (args) => [args.path],
		title: ({ pattern }, [shown]) => (shown === "." ? `Search for ${pattern}` : `Search for ${pattern} in ${shown}`),
		run: (args, places, context) => search(home, args, places, context),
	});
}
