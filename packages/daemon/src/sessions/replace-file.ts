import { open, rename } from "node:fs/promises";
import path from "node:path";
import { syncFolder } from "./sync-folder.ts";

/** What a draft's name ends with; one that is found was never finished. */
export const draftEnding = ".new";

/**
 * Puts a text in place of a file, readable by its user only: the new one is there whole and on the disk, or the old one is as it
 * was. One call at a time for a file. (Libraries for this take signals over, SIGXFSZ among them: a daemon would die of a limit on
 * the size of files that it is to report.)
 */
export async function replaceFile(file: string, text: string): Promise<void> {
	const draft = `${file}${draftEnding}`;
	const handle = await open(draft, "w", 0o600);
	try {
		await handle.writeFile(text, "utf8");
		await handle.sync();
	} finally {
		await handle.close();
	}
	await rename(draft, file);
	await syncFolder(path.dirname(file));
}
