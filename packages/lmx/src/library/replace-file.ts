import { mkdir, open, rename, rm } from "node:fs/promises";
import path from "node:path";

/** Makes the names in a folder survive a power cut. Windows cannot open folders, and needs no such call. */
export async function syncFolder(folder: string): Promise<void> {
	if (process.platform === "win32") {
		return;
	}
	const handle = await open(folder, "r");
	try {
		await handle.sync();
	} finally {
		await handle.close();
	}
}

/** Writes a file so that readers, and a crash at any moment, see the old or the new text and nothing between. */
export async function replaceFile(file: string, text: string): Promise<void> {
	const folder = path.dirname(file);
	await mkdir(folder, { recursive: true });
	const next = `${file}.${process.pid}.new`;
	try {
		const handle = await open(next, "w", 0o600);
		try {
			await handle.writeFile(text);
			await handle.sync();
		} finally {
			await handle.close();
		}
		await rename(next, file);
	} catch (error) {
		await rm(next, { force: true });
		throw error;
	}
	await syncFolder(folder);
}
