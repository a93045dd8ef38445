import type { CheckpointEntry } from "./checkpoint-entry.ts";
import type { ContentStore } from "./content-store.ts";
import { nearestFolder, openPlain, readState } from "./file-state.ts";

/** A file as it was, and how many bytes of room that took. */
export interface KeptContent {
	readonly before: CheckpointEntry["before"];
	readonly addedBytes: number;
}

/**
 * Keeps a file's content where it has at most `maxBytes`; larger ones are only named, and all are where it is null. Rejects for what is
 * no ordinary file: it would be lost.
 */
export async function keepContent(contents: ContentStore, absolute: string, maxBytes: number | null): Promise<KeptContent> {
	const { given: folder } = await nearestFolder(absolute);
	const opened = await openPlain(absolute);
	if (opened === null) {
		return { before: { id: null, mode: 0, folder, missing: null }, addedBytes: 0 };
	}
	if (opened === "other") {
		throw new Error(`${absolute} is no ordinary file, so it cannot be kept for a rewind and must not be changed.`);
	}
	const { handle, stats } = opened;
	const mode = stats.mode & 0o7777;
	try {
		if (maxBytes !== null && stats.size <= maxBytes) {
			const bytes = await handle.readFile();
			return { before: { id: await contents.put(bytes), mode, folder, missing: null }, addedBytes: bytes.length };
		}
	} finally {
		await handle.close();
	}
	const state = await readState(absolute);
	const missing =
		maxBytes === null
			? "Its content was kept at its first change."
			: `Its earlier content was not kept: it had ${stats.size} bytes, more than the limit of ${maxBytes}.`;
	return { before: { id: state.kind === "file" ? state.id : null, mode, folder, missing }, addedBytes: 0 };
}
