import { createHash } from "node:crypto";
import { constants, type Stats } from "node:fs";
import { type FileHandle, open, realpath } from "node:fs/promises";
import path from "node:path";

/** SHA-256 in hex of a content; null: there is no file. */
export type ContentId = string | null;

/** Names a content. */
export function contentId(bytes: Uint8Array): string {
	return createHash("sha256").update(bytes).digest("hex");
}

/** What is at a path now. `other`: a folder, a link, a pipe, … */
export type FileState =
	| { readonly kind: "absent" }
	| { readonly kind: "file"; readonly id: string; readonly bytes: number; readonly mode: number }
	| { readonly kind: "other" };

async function idOf(handle: FileHandle): Promise<string> {
	const hash = createHash("sha256");
	const chunk = Buffer.allocUnsafe(256 * 1024);
	for (let position = 0; ; ) {
		const { bytesRead } = await handle.read(chunk, 0, chunk.length, position);
		if (bytesRead === 0) {
			return hash.digest("hex");
		}
		hash.update(chunk.subarray(0, bytesRead));
		position += bytesRead;
	}
}

/** Opens an ordinary file for reading without waiting for pipes and without following a link; null where there is none. */
export async function openPlain(absolute: string): Promise<{ readonly handle: FileHandle; readonly stats: Stats } | "other" | null> {
	const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants;
	try {
		const handle = await open(absolute, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
		const stats = await handle.stat();
		if (stats.isFile()) {
			return { handle, stats };
		}
		await handle.close();
		return "other";
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (code === "ENOENT" || code === "ENOTDIR") {
			return null;
		}
		if (code === "ELOOP" || code === "ENXIO" || code === "EOPNOTSUPP" || code === "EISDIR") {
			return "other";
		}
		throw error;
	}
}

/** What is at a path now; its content is named, not held. */
export async function readState(absolute: string): Promise<FileState> {
	const opened = await openPlain(absolute);
	if (opened === null) {
		return { kind: "absent" };
	}
	if (opened === "other") {
		return { kind: "other" };
	}
	const { handle, stats } = opened;
	try {
		return { kind: "file", id: await idOf(handle), bytes: stats.size, mode: stats.mode & 0o7777 };
	} finally {
		await handle.close();
	}
}

/** The nearest folder above a path that exists, its links followed. */
export async function nearestFolder(absolute: string): Promise<{ readonly given: string; readonly real: string }> {
	for (let folder = path.dirname(absolute); ; folder = path.dirname(folder)) {
		try {
			return { given: folder, real: await realpath(folder) };
		} catch (error) {
			const { code } = error as NodeJS.ErrnoException;
			if ((code !== "ENOENT" && code !== "ENOTDIR") || folder === path.dirname(folder)) {
				throw error;
			}
		}
	}
}
