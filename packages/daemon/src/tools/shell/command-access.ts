import path from "node:path";
import type { OptaPlatform } from "../../platform/opta-home.ts";
import type { ToolAccess } from "../tool.ts";
import { alwaysPatterns } from "./always-patterns.ts";
import { analyzeCommand, type CommandAnalysis } from "./analyze-command.ts";
import { outsidePaths, writtenPaths } from "./outside-paths.ts";

/** What a command is asked for. */
export interface CommandRequest {
	readonly command: string;
	/** Absolute path of the folder it begins in. */
	readonly folder: string;
	readonly network: boolean;
	readonly background: boolean;
}

const titleCharacters = 160;

/** PowerShell is not understood: such a command is asked for whole. */
const notUnderstood: CommandAnalysis = { commands: [], paths: [], changesFolder: false, clear: false };

/**
 * What a person would have to allow for a command. Subjects are its simple commands and the files that redirections write
 * (`> out.txt`). `unclear: …` joins them where something could not be told before it runs, and each stands again with
 * `network: ` before it where it wants the network, so that no rule for ordinary commands allows those.
 */
export async function commandAccess(request: CommandRequest, workspace: string, platform: OptaPlatform): Promise<ToolAccess> {
	const analysis = platform === "win32" ? notUnderstood : await analyzeCommand(request.command);
	const outside = await outsidePaths(analysis, workspace, request.folder);
	const folder = path.relative(workspace, request.folder);
	const oneLine = request.command.trim().replaceAll(/\s+/g, " ");
	const title = oneLine.length > titleCharacters ? `${oneLine.slice(0, titleCharacters)}…` : oneLine;
	const notes = [
		...(folder === "" ? [] : [`In the folder ${folder}.`]),
		...(request.background ? ["In the background, until the session is closed."] : []),
		...(request.network ? ["With access to the network."] : []),
		...(outside.length > 0 ? [`Reaches outside of the workspace: ${outside.join(", ")}`] : []),
		...(analysis.clear ? [] : ["Not everything that this runs can be told beforehand."]),
	];
	const subjects = [...analysis.commands, ...writtenPaths(analysis).map((file) => `> ${file}`)];
	const withNetwork = request.network ? analysis.commands.map((command) => `network: ${command}`) : [];
	const always = subjects.flatMap((subject) => alwaysPatterns(subject));
	const whole = analysis.clear && subjects.length > 0 ? [] : [`unclear: ${request.command}`];
	return {
		title: `Run ${title}`,
		detail: [request.command, ...(notes.length > 0 ? ["", ...notes] : [])].join("\n"),
		subjects: [...subjects, ...withNetwork, ...whole],
		alwaysPatterns:
			whole.length > 0 ? [] : [...new Set(request.network ? [...always, ...always.map((pattern) => `network: ${pattern}`)] : always)],
		outsideWorkspace: outside.length > 0 || folder === ".." || folder.startsWith(`..${path.sep}`) || path.isAbsolute(folder),
	};
}
