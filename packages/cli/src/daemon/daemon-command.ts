import { fileURLToPath } from "node:url";

/** True where this program runs from the repository's sources, not from its published bundle. */
export const runsFromSources = import.meta.url.endsWith(".ts");

/** The script that is the daemon: the bundle's second entry, else the repository's. */
export function daemonCommand(): readonly string[] {
	return [fileURLToPath(runsFromSources ? import.meta.resolve("@opta/daemon/main") : new URL("./daemon.js", import.meta.url))];
}
