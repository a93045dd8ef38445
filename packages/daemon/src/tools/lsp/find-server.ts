import { access, constants, readFile } from "node:fs/promises";
import path from "node:path";
import type { Command } from "../../sandbox/sandbox.ts";
import type { Language } from "./language-table.ts";

/** A server that can be started. */
export interface FoundServer {
	readonly command: Command;
	/** For people: `tsc`, `gopls`. */
	readonly name: string;
	/** True where it is a program of the project, or runs code of it (build scripts, macros). */
	readonly runsProject: boolean;
}

const firstWithServer = 7;

async function canRun(file: string): Promise<boolean> {
	return access(file, constants.X_OK).then(
		() => true,
		() => false,
	);
}

/** Where a project's packages may lie: beside the file, and upwards to the workspace. */
function packageFolders(workspace: string, file: string): string[] {
	const folders: string[] = [];
	for (let folder = path.dirname(file); folder.startsWith(workspace); folder = path.dirname(folder)) {
		folders.push(path.join(folder, "node_modules"));
		if (folder === workspace || path.dirname(folder) === folder) {
			break;
		}
	}
	return folders;
}

async function findTypeScript(folders: readonly string[]): Promise<FoundServer | null> {
	for (const folder of folders) {
		const text = await readFile(path.join(folder, "typescript", "package.json"), "utf8").catch(() => null);
		const major = /"version":\s*"(\d+)\./.exec(text ?? "")?.[1];
		if (major !== undefined && Number(major) >= firstWithServer) {
			const script = path.join(folder, "typescript", "bin", "tsc");
			return { command: { file: process.execPath, args: [script, "--lsp", "--stdio"] }, name: "tsc", runsProject: true };
		}
	}
	return null;
}

async function findProgram(
	name: string,
	args: readonly string[],
	folders: readonly string[],
	searchPath: string,
): Promise<FoundServer | null> {
	const onPath = searchPath.split(path.delimiter).filter(path.isAbsolute);
	const places = [
		...onPath.map((folder) => ({ folder, ofProject: false })),
		...folders.map((folder) => ({ folder: path.join(folder, ".bin"), ofProject: true })),
	];
	for (const { folder, ofProject } of places) {
		for (const file of process.platform === "win32" ? [`${name}.exe`, `${name}.cmd`] : [name]) {
			const place = path.join(folder, file);
			if (await canRun(place)) {
				return { command: { file: place, args }, name, runsProject: ofProject || name === "rust-analyzer" };
			}
		}
	}
	return null;
}

/** The server for a language in a workspace; null where none is installed. */
export async function findServer(language: Language, workspace: string, file: string, searchPath: string): Promise<FoundServer | null> {
	const folders = packageFolders(workspace, file);
	for (const source of language.sources) {
		const found =
			source.kind === "typescript" ? await findTypeScript(folders) : await findProgram(source.name, source.args, folders, searchPath);
		if (found !== null) {
			return found;
		}
	}
	return null;
}
