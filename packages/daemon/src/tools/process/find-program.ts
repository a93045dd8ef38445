import { access, constants, stat } from "node:fs/promises";
import path from "node:path";
import { type OptaPlatform, thisPlatform } from "../../platform/opta-home.ts";

/**
 * Where a program of the session's `PATH` lies; null where there is none. Folders that are not absolute are passed over, and so is
 * the folder it will run in (Windows looks there first): a workspace must not bring its own `git`.
 */
export async function findProgram(
	name: string,
	environment: Readonly<Record<string, string>>,
	platform: OptaPlatform = thisPlatform(),
): Promise<string | null> {
	const paths = platform === "win32" ? path.win32 : path.posix;
	const searched = Object.entries(environment).find(([key]) => (platform === "win32" ? key.toUpperCase() : key) === "PATH")?.[1] ?? "";
	for (const folder of searched.split(paths.delimiter).filter((each) => paths.isAbsolute(each))) {
		const file = paths.join(folder, platform === "win32" ? `${name}.exe` : name);
		const isProgram = await access(file, constants.X_OK)
			.then(() => stat(file))
			.then(
				(found) => found.isFile(),
				() => false,
			);
		if (isProgram) {
			return file;
		}
	}
	return null;
}
