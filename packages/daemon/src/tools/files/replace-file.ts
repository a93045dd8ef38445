import { randomBytes } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import path from "node:path";
import { syncFolder } from "../../sessions/sync-folder.ts";

/**
 * Writes a file in one step: readers and a crash see the old content or the new one, whole. The folder must exist. A link at
 * `absolute` is replaced, not followed. `mode` are its permission bits; those the process gives to new files when missing. Where it
 * fails (full disk, no permission) the old file stays and nothing is left behind. `isForced: false` does not wait for the disk.
 */
export async function replaceFile(absolute: string, bytes: Uint8Array, mode?: number, isForced = true): Promise<void> {
	const folder = path.dirname(absolute);
	const beside = path.join(folder, `.${path.basename(absolute).slice(0, 100)}.${randomBytes(6).toString("hex")}.tmp`);
	const handle = await open(beside, "wx", mode ?? 0o666);
	try {
		try {
			await handle.writeFile(bytes);
			if (mode !== undefined && process.platform !== "win32") {
				await handle.chmod(mode);
			}
			if (isForced) {
				await handle.sync();
			}
		} finally {
			await handle.close();
		}
		await rename(beside, absolute);
	} catch (error) {
		await rm(beside, { force: true });
		throw error;
	}
	if (isForced) {
		await syncFolder(folder);
	}
}
