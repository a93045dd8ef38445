import { readFile, rm } from "node:fs/promises";
import { type DaemonState, daemonStateSchema } from "@opta/contracts/schema/daemon-status";
import { homeFiles } from "../platform/home-files.ts";
import { writePrivateText } from "../platform/private-file.ts";

/** What the last daemon wrote of itself; null when there is nothing that can be read. Whether it still lives is another question. */
export async function readDaemonState(home: string): Promise<DaemonState | null> {
	let text: string;
	try {
		text = await readFile(homeFiles(home).daemonState, "utf8");
	} catch (error) {
		if (error instanceof Error && "code" in error && error.code === "ENOENT") {
			return null;
		}
		throw error;
	}
	try {
		return daemonStateSchema.parse(JSON.parse(text));
	} catch {
		// Damaged or of another version: as good as none, and the next start replaces it.
		return null;
	}
}

/** Replaces the state, readable by its user alone. */
export function writeDaemonState(home: string, state: DaemonState): Promise<void> {
	return writePrivateText(homeFiles(home).daemonState, `${JSON.stringify(state, null, "\t")}\n`);
}

/** Removes the state of a daemon that stops; one that a successor has written stays. */
export async function removeDaemonState(home: string, token: string): Promise<void> {
	if ((await readDaemonState(home))?.token === token) {
		await rm(homeFiles(home).daemonState, { force: true });
	}
}
