import { accessSync, constants } from "node:fs";
import path from "node:path";

/** The machine that LMX runs on. */
export interface MlxMachine {
	readonly platform: NodeJS.Platform;
	readonly architecture: string;
	/** The variable `PATH`. */
	readonly searchPath: string;
	readonly home: string;
}

const commandName = "mlx_lm.server";

function isExecutable(file: string): boolean {
	try {
		accessSync(file, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}

/**
 * Finds `mlx_lm.server` on Apple Silicon: on the search path, then where pip, pipx, uv and Homebrew put commands, for a
 * service has a short search path. Null where it is not installed or the machine is another one.
 */
export function findMlxCommand({ platform, architecture, searchPath, home }: MlxMachine): string | null {
	if (platform !== "darwin" || architecture !== "arm64") {
		return null;
	}
	const folders = [
		...searchPath.split(path.delimiter).filter((folder) => path.isAbsolute(folder)),
		path.join(home, ".local", "bin"),
		"/opt/homebrew/bin",
		"/usr/local/bin",
	];
	return folders.map((folder) => path.join(folder, commandName)).find(isExecutable) ?? null;
}
