import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { isBuiltin } from "./builtin-commands.ts";
import { parseUserCommand, type UserCommand } from "./user-command.ts";

/** User-defined commands, and what could not be used of the files. */
export interface LoadedCommands {
	readonly commands: readonly UserCommand[];
	readonly problems: readonly string[];
}

const longestFile = 256 * 1024;

/**
 * Reads the user's commands (`<home>/commands/*.md`) and the project's (`<workspace>/.opta/commands/*.md`), which win where
 * both have a name. A file in a folder `git/` named `amend.md` is `/git:amend`. Built-in names cannot be taken.
 */
export async function loadUserCommands(home: string, workspace: string): Promise<LoadedCommands> {
	const folders = [path.join(home, "commands"), path.join(workspace, ".opta", "commands")];
	const loaded = await Promise.all(folders.map(loadFolder));
	const byName = new Map(loaded.flatMap((folder) => folder.commands).map((command) => [command.name, command]));
	return {
		commands: [...byName.values()].sort((left, right) => left.name.localeCompare(right.name)),
		problems: loaded.flatMap((folder) => folder.problems),
	};
}

async function loadFolder(folder: string): Promise<LoadedCommands> {
	const files = await readdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => error);
	if (!Array.isArray(files)) {
		const absent = files.code === "ENOENT" || files.code === "ENOTDIR";
		return { commands: [], problems: absent ? [] : [`Commands in ${folder} could not be read: ${files.message}`] };
	}
	const read = await Promise.all(files.filter((file) => file.endsWith(".md")).map((file) => loadFile(folder, file)));
	return {
		commands: read.filter((entry) => typeof entry !== "string"),
		problems: read.filter((entry) => typeof entry === "string"),
	};
}

async function loadFile(folder: string, file: string): Promise<UserCommand | string> {
	const fullPath = path.join(folder, file);
	const name = file.slice(0, -".md".length).split(path.sep).join(":").toLowerCase();
	if (!/^[a-z][a-z0-9_:-]{0,63}$/.test(name)) {
		return `${fullPath} is no command: its name must be letters, digits, “-” and “_”. Rename the file.`;
	}
	if (isBuiltin(name)) {
		return `${fullPath} is not used: /${name} is a command of Opta itself. Rename the file.`;
	}
	const source = await readFile(fullPath, "utf8").catch((error: Error) => error);
	if (typeof source !== "string") {
		return `${fullPath} could not be read: ${source.message}`;
	}
	return source.length > longestFile ? `${fullPath} is not used: it is larger than 256 KB.` : parseUserCommand(name, fullPath, source);
}
