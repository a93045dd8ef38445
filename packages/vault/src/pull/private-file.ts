import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { newId } from "../encoding/new-id.ts";

/** The text of a file; null when there is none. */
export async function readPrivateFile(file: string): Promise<string | null> {
	try {
		return await readFile(file, "utf8");
	} catch (error) {
		if (error instanceof Error && "code" in error && error.code === "ENOENT") {
			return null;
		}
		throw error;
	}
}

/** Writes a file that only its user may read (mode 0600): whole or not at all, and on disk when it resolves. */
export async function writePrivateFile(file: string, text: string): Promise<void> {
	await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
	const draft = `${file}.${newId()}`;
	try {
		const handle = await open(draft, "wx", 0o600);
		try {
			await handle.writeFile(text);
			await handle.sync();
		} finally {
			await handle.close();
		}
		await rename(draft, file);
	} finally {
		await rm(draft, { force: true });
	}
}
