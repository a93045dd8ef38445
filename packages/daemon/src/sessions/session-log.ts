import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { type FileLine, readLines } from "./read-lines.ts";

/** What a log needs of an open file; a test can stand a failing disk in for it. */
export type LogFile = Pick<FileHandle, "read" | "truncate" | "datasync" | "close"> & {
	readonly write: (bytes: Uint8Array, offset: number, length: number, position: number) => Promise<{ bytesWritten: number }>;
};

/**
 * An append-only file of lines. What `append` resolved for is on the disk; where it rejects, nothing of it stays, also when
 * the disk is full or the process is killed in the middle (what is after the known end is cut before the next write).
 */
export class SessionLog {
	readonly #file: LogFile;
	#bytes: number;
	/** True while there may be bytes after the known end. */
	#dirty: boolean;

	constructor(file: LogFile, bytes: number, dirty: boolean) {
		this.#file = file;
		this.#bytes = bytes;
		this.#dirty = dirty;
	}

	/** Length of all that is known to be on the disk. */
	get bytes(): number {
		return this.#bytes;
	}

	/** Adds whole lines. One call at a time. */
	async append(lines: string): Promise<void> {
		const bytes = Buffer.from(lines, "utf8");
		if (this.#dirty) {
			await this.#file.truncate(this.#bytes);
			this.#dirty = false;
		}
		this.#dirty = true;
		try {
			for (let written = 0; written < bytes.length; ) {
				const { bytesWritten } = await this.#file.write(bytes, written, bytes.length - written, this.#bytes + written);
				written += bytesWritten;
			}
			await this.#file.datasync();
		} catch (error) {
			await this.#cut();
			throw error;
		}
		this.#bytes += bytes.length;
		this.#dirty = false;
	}

	/** Lines from a byte on, up to what was on the disk when this was called. */
	lines(fromBytes = 0): AsyncGenerator<FileLine> {
		return readLines(this.#file, fromBytes, this.#bytes);
	}

	async close(): Promise<void> {
		await this.#file.close();
	}

	/** Takes a failed write back at once, so that the disk has its room again; the next write tries once more where that fails too. */
	async #cut(): Promise<void> {
		try {
			await this.#file.truncate(this.#bytes);
			this.#dirty = false;
		} catch {
			this.#dirty = true;
		}
	}
}

/** Opens a log that is there. `bytes` is where its last whole line ends; what follows is cut before the next write. */
export async function openLogFile(file: string): Promise<{ handle: FileHandle; size: number }> {
	const handle = await open(file, constants.O_RDWR);
	return { handle, size: (await handle.stat()).size };
}
