import os from "node:os";
import path from "node:path";

/** The systems that Opta runs on. */
export type OptaPlatform = "darwin" | "linux" | "win32";

/** Variables by name, as a process has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** This computer's system; those that are neither macOS nor Windows are treated as Linux. */
export function thisPlatform(name: NodeJS.Platform = process.platform): OptaPlatform {
	return name === "darwin" || name === "win32" ? name : "linux";
}

/**
 * The folder that holds everything of a user: `OPTA_HOME`, else `~/.config/opta` (macOS and Linux, as the seeds have it) or
 * `%APPDATA%\opta` (Windows).
 */
export function optaHome(environment: Environment, platform: OptaPlatform = thisPlatform()): string {
	const join = platform === "win32" ? path.win32.join : path.posix.join;
	if (environment.OPTA_HOME !== undefined && environment.OPTA_HOME !== "") {
		return environment.OPTA_HOME;
	}
	if (platform === "win32") {
		return join(environment.APPDATA || join(environment.USERPROFILE || os.homedir(), "AppData", "Roaming"), "opta");
	}
	return join(environment.HOME || os.homedir(), ".config", "opta");
}
