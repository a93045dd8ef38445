import { randomBytes } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import path from "node:path";
import { syncFolder } from "./sync-folder.ts";

/** How a file is replaced. */
export interface ReplaceOptions {
	/** Permission bits, its user's alone when missing; null for those that the process gives to new files. */
	readonly mode?: number | null;
	/** Waits for the disk; true when missing. */
	readonly isForced?: boolean;
}

const longestNameChars = 100;
const draftName = /^\..+\.[0-9a-f]{12}\.tmp$/;

/** True for the name of what was being written when a process ended: it was never promised to anybody. */
export function isDraft(name: string): boolean {
	return draftName.test(name);
}

/**
 * Writes a file in one step: readers and a crash see the old content or the new one, whole. The folder must exist. A link at
 * `file` is replaced, not followed. Where it fails (full disk, no permission) the old file stays and nothing is left behind.
 * (Libraries for this take signals over, SIGXFSZ among them: a daemon would die of a limit on the size of files that it is to
 * report.)
 */
export async function replaceFile(file: string, content: string | Uint8Array, options: ReplaceOptions = {}): Promise<void> {
	const { mode = 0o600, isForced = true } = options;
	const folder = path.dirname(file);
	const draft = path.join(folder, `.${path.basename(file).slice(0, longestNameChars)}.${randomBytes(6).toString("hex")}.tmp`);
	const handle = await open(draft, "wx", mode ?? 0o666);
	try {
		try {
			await handle.writeFile(content);
			if (mode !== null && process.platform !== "win32") {
				await handle.chmod(mode);
			}
			if (isForced) {
				await handle.sync();
			}
		} finally {
			await handle.close();
		}
		await rename(draft, file);
	} catch (error) {
		await rm(draft, { force: true });
		throw error;
	}
	if (isForced) {
		await syncFolder(folder);
	}
}
