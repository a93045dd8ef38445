import { constants, type Stats } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { ToolInputError } from "./locate.ts";

/** Largest file that is read whole, in bytes. */
export const wholeFileBytes = 8 * 1024 * 1024;

/** A file as it is on disk. */
export interface FileContent {
	readonly bytes: Buffer;
	/** Permission bits. */
	readonly mode: number;
}

function kindOf(stats: Stats): string {
	if (stats.isFIFO()) {
		return "a named pipe";
	}
	if (stats.isSocket()) {
		return "a socket";
	}
	return "a device";
}

/**
 * Opens an ordinary file for reading without ever waiting for a pipe or a device. `absolute` must have its links followed: a link
 * that appears there since is refused (`ELOOP`). Rejects with `ToolInputError` for anything but a file.
 */
export async function openRegular(absolute: string, shown: string): Promise<{ readonly handle: FileHandle; readonly stats: Stats }> {
	const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants;
	const handle = await open(absolute, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
	try {
		const stats = await handle.stat();
		if (stats.isDirectory()) {
			throw new ToolInputError(`${shown} is a folder. Use list_dir to see what is in it.`);
		}
		if (!stats.isFile()) {
			throw new ToolInputError(`${shown} is ${kindOf(stats)}, not a file.`);
		}
		return { handle, stats };
	} catch (error) {
		await handle.close();
		throw error;
	}
}

/** Reads at most `maxBytes` from the start of an open file. */
export async function readStart(handle: FileHandle, maxBytes: number): Promise<Buffer> {
	const chunks: Buffer[] = [];
	let total = 0;
	while (total < maxBytes) {
		const chunk = Buffer.allocUnsafe(Math.min(256 * 1024, maxBytes - total));
		const { bytesRead } = await handle.read(chunk, 0, chunk.length, total);
		if (bytesRead === 0) {
			break;
		}
		chunks.push(chunk.subarray(0, bytesRead));
		total += bytesRead;
	}
	return Buffer.concat(chunks);
}

/** A file whole; null where there is none. Rejects with `ToolInputError` for what is no file or is larger than `wholeFileBytes`. */
export async function readWhole(absolute: string, shown: string): Promise<FileContent | null> {
	const opened = await openRegular(absolute, shown).catch((error: NodeJS.ErrnoException) => {
		if (error.code === "ENOENT") {
			return null;
		}
		// Opening a socket says ENXIO on Linux and EOPNOTSUPP on macOS.
		if (error.code === "ENXIO" || error.code === "EOPNOTSUPP") {
			throw new ToolInputError(`${shown} is a socket or a device, not a file.`);
		}
		throw error;
	});
	if (opened === null) {
		return null;
	}
	const { handle, stats } = opened;
	try {
		const bytes = stats.size > wholeFileBytes ? null : await readStart(handle, wholeFileBytes + 1);
		if (bytes === null || bytes.length > wholeFileBytes) {
			throw new ToolInputError(
				`${shown} has ${Math.max(stats.size, wholeFileBytes + 1)} bytes; files of more than ${wholeFileBytes} bytes cannot be changed here. Use run_command.`,
			);
		}
		return { bytes, mode: stats.mode & 0o7777 };
	} finally {
		await handle.close();
	}
}
