import path from "node:path";
import { type OptaPlatform, thisPlatform } from "../../platform/opta-home.ts";

/** Rules of paths on a system. */
function pathsOf(platform: OptaPlatform): path.PlatformPath {
	return platform === "win32" ? path.win32 : path.posix;
}

/** Device names that Windows opens wherever they stand, with or without an extension ("Naming Files, Paths, and Namespaces"). */
const windowsDevice = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?:\..*)?$/i;

function windowsProblem(given: string, workspace: string): string | null {
	if (/^[\\/]{2}/.test(given) && !given.replaceAll("/", "\\").toLowerCase().startsWith(`${workspace.toLowerCase()}\\`)) {
		return "Network and device paths are not opened.";
	}
	const names = given.replace(/^[a-z]:/i, "").split(/[\\/]/);
	if (/^[a-z]:(?![\\/])/i.test(given)) {
		return "Write the whole path behind a drive letter, or one relative to the workspace.";
	}
	for (const name of names) {
		if (name !== "." && name !== ".." && (/[<>:"|?*]/.test(name) || /[. ]$/.test(name) || windowsDevice.test(name))) {
			return `"${name}" is no name that Windows keeps for a file.`;
		}
	}
	return null;
}

/** Why a path cannot be meant, in one line; null where it can. Nothing is looked up. */
export function pathProblem(workspace: string, given: string, platform: OptaPlatform = thisPlatform()): string | null {
	if (given === "") {
		return "The path is empty.";
	}
	if (given.includes("\0")) {
		return "The path holds a NUL character.";
	}
	if (given === "~" || /^~[\\/]/.test(given)) {
		return "Write the whole path instead of ~.";
	}
	return platform === "win32" ? windowsProblem(given, workspace) : null;
}

/** The absolute path that is meant: relative ones start at the workspace. `..` and `.` are resolved by their letters only. */
export function absolutePath(workspace: string, given: string, platform: OptaPlatform = thisPlatform()): string {
	return pathsOf(platform).resolve(workspace, given);
}

/**
 * True where an absolute path is the workspace or in it. Both must be as the file system spells them (`realpath`): letters are
 * compared as they are, on Windows without regard to case.
 */
export function isInside(workspace: string, absolute: string, platform: OptaPlatform = thisPlatform()): boolean {
	const paths = pathsOf(platform);
	const relative = paths.relative(workspace, absolute);
	return relative === "" || !(relative === ".." || relative.startsWith(`..${paths.sep}`) || paths.isAbsolute(relative));
}

/** A path as people, models and rules see it: relative to the workspace with `/`, absolute outside of it. `.` is the workspace. */
export function shownPath(workspace: string, absolute: string, platform: OptaPlatform = thisPlatform()): string {
	if (!isInside(workspace, absolute, platform)) {
		return absolute;
	}
	const paths = pathsOf(platform);
	const relative = paths.relative(workspace, absolute);
	return relative === "" ? "." : relative.split(paths.sep).join("/");
}
