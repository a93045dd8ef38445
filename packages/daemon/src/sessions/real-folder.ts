import { realpath, stat } from "node:fs/promises";
import path from "node:path";

/** The folder behind an absolute path, symbolic links resolved; null when there is none. */
export async function realFolder(folder: string): Promise<string | null> {
	if (!path.isAbsolute(folder)) {
		return null;
	}
	try {
		const real = await realpath(folder);
		return (await stat(real)).isDirectory() ? real : null;
	} catch {
		// Not there, or not to be entered: no folder to work in either way.
		return null;
	}
}
