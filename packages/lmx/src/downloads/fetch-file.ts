import { open, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { syncFolder } from "../library/replace-file.ts";
import { DownloadFailure, StartOver } from "./download-failure.ts";
import { FileTransfer, type TransferParts, type WantedFile } from "./file-transfer.ts";
import { readRecord } from "./part-record.ts";

/** How often a file may change on the server while it is fetched. */
const maxRounds = 3;

/** Where a file stands while it is not whole. */
export function partPath(target: string): string {
	return `${target}.part`;
}

function recordPath(target: string): string {
	return `${target}.part.json`;
}

/**
 * Fetches one file in ranges, some at a time, and goes on where an earlier run stopped. When it resolves, the bytes are
 * in `<target>.part`, on disk, as many as were promised; whether they are the right ones is for the caller to check.
 */
export async function fetchFile(file: WantedFile, parts: TransferParts): Promise<void> {
	const part = partPath(file.target);
	for (let round = 0; round < maxRounds; round++) {
		const isHere = (await stat(part).catch(() => null)) !== null;
		const record = isHere ? await readRecord(recordPath(file.target), file.url.href, file.bytes) : null;
		const handle = await open(part, record === null ? "w" : "r+");
		const transfer = new FileTransfer(file, parts, handle, recordPath(file.target), record);
		try {
			await transfer.run();
			return;
		} catch (error) {
			if (!(error instanceof StartOver)) {
				throw error;
			}
			parts.onBytes(-transfer.doneBytes);
			await rm(recordPath(file.target), { force: true });
		} finally {
			await handle.close();
		}
	}
	throw new DownloadFailure("conflict", `${file.url.pathname} changes on ${file.url.host} while it is downloaded. Try again later.`);
}

/** Gives a fetched and checked file its name. */
export async function keepFile(target: string): Promise<void> {
	await rename(partPath(target), target);
	await rm(recordPath(target), { force: true });
	await syncFolder(path.dirname(target));
}

/** Removes what a file left, so that it is fetched from the start. */
export async function dropPart(target: string): Promise<void> {
	await rm(partPath(target), { force: true });
	await rm(recordPath(target), { force: true });
}
