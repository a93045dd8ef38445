import { closeSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import path from "node:path";

/** A log file that stays within its bound: the last piece and the one that is written, each at most half of it. */
export interface RotatingFile {
	/** Appends one line, with its end. */
	readonly write: (line: string) => void;
	/** Bytes on disk, the earlier piece included. */
	readonly bytes: () => number;
	readonly close: () => void;
}

/** Opens a log file for appending. `maxBytes` is read at each write, so that a change holds at once. */
export function openRotatingFile(file: string, maxBytes: () => number): RotatingFile {
	const earlier = `${file}.1`;
	mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
	let descriptor = openSync(file, "a", 0o600);
	let size = fstatSync(descriptor).size;
	let isClosed = false;
	return {
		write(line) {
			if (isClosed) {
				return;
			}
			const half = Math.floor(maxBytes() / 2);
			const data = Buffer.from(line);
			if (size > 0 && size + data.length > half) {
				closeSync(descriptor);
				if (size > half) {
					// An earlier daemon was allowed more: kept whole, it would break the bound.
					rmSync(file);
				} else {
					renameSync(file, earlier);
				}
				descriptor = openSync(file, "a", 0o600);
				size = 0;
			}
			writeSync(descriptor, data.subarray(0, half));
			size += Math.min(data.length, half);
		},
		bytes: () => size + (statSync(earlier, { throwIfNoEntry: false })?.size ?? 0),
		close() {
			if (!isClosed) {
				isClosed = true;
				closeSync(descriptor);
			}
		},
	};
}
