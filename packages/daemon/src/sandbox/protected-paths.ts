import { realpath, stat } from "node:fs/promises";
import path from "node:path";

/** A path that exists, symbolic links resolved. */
export interface ProtectedPath {
	readonly path: string;
	readonly folder: boolean;
}

/** Where keys and sign-ins of people lie, under their own folder. */
const secretPlaces = [
	".ssh",
	".gnupg",
	".aws",
	".azure",
	".kube",
	".docker",
	".netrc",
	".git-credentials",
	".npmrc",
	".pypirc",
	".password-store",
	".mozilla",
	".claude",
	".codex",
	".config/gh",
	".config/gcloud",
	".config/git/credentials",
	".config/op",
	".config/opta",
	".config/chromium",
	".config/google-chrome",
	".config/systemd",
	".local/share/keyrings",
	"Library/Keychains",
	"Library/LaunchAgents",
	"Library/Application Support/Google/Chrome",
	"Library/Application Support/Firefox",
];

/** What would run outside of the sandbox later if a command could write it: hooks and settings of git, our own project settings. */
const heldPlaces = [".git/hooks", ".git/config", ".git/info/attributes", ".opta"];

async function existing(places: readonly string[]): Promise<ProtectedPath[]> {
	const found = await Promise.all(
		places.map(async (place) => {
			try {
				const real = await realpath(place);
				return { path: real, folder: (await stat(real)).isDirectory() };
			} catch (error) {
				const code = (error as NodeJS.ErrnoException).code;
				if (code === "ENOENT" || code === "ENOTDIR" || code === "EACCES") {
					return null;
				}
				throw error;
			}
		}),
	);
	return found.filter((one) => one !== null);
}

/** What commands must neither read nor write: people's keys and the daemon's own files. */
export function hiddenPaths(userHome: string, daemonFolders: readonly string[]): Promise<ProtectedPath[]> {
	return existing([...secretPlaces.map((place) => path.join(userHome, place)), ...daemonFolders]);
}

/** What commands must not write although it lies in the workspace. */
export function heldPaths(workspace: string): Promise<ProtectedPath[]> {
	return existing(heldPlaces.map((place) => path.join(workspace, place)));
}
