import { homedir } from "node:os";
import path from "node:path";

/** Where the files of LMX are. Paths are absolute. */
export interface Places {
	/** Everything that LMX keeps about itself. */
	readonly stateDir: string;
	readonly configFile: string;
	readonly modelDir: string;
}

/** The state folder of a user who has not chosen one. */
export function defaultStateDir(): string {
	return path.join(homedir(), ".config", "opta");
}

/** Models are shared by all users of a Mac; elsewhere they are in the data folder of the user (XDG Base Directory Specification). */
function defaultModelDir(dataHome: string | undefined): string {
	if (process.platform === "darwin") {
		return "/Users/Shared/Opta-LMX/models";
	}
	return path.join(
		dataHome !== undefined && path.isAbsolute(dataHome) ? dataHome : path.join(homedir(), ".local", "share"),
		"opta-lmx",
		"models",
	);
}

/** A chosen state folder moves everything of the user, so that nothing outside of it is read or written. */
export function placesFor(stateDir: string, dataHome: string | undefined): Places {
	return stateDir === defaultStateDir()
		? { stateDir, configFile: path.join(homedir(), ".opta-lmx", "config.yaml"), modelDir: defaultModelDir(dataHome) }
		: { stateDir, configFile: path.join(stateDir, "lmx", "config.yaml"), modelDir: path.join(stateDir, "models") };
}
