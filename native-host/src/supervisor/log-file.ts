import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import path from "node:path";

/** A log on disk, for one process. */
export interface LogFile {
	readonly write: (line: string) => void;
	readonly close: () => void;
}

/** Where a log is and how large it may grow. */
export interface LogFileOptions {
	readonly file: string;
	/** At this size the file moves to `<file>.1` and a new one begins; so two of them exist at most. */
	readonly maxBytes?: number;
	/** Told once when writing fails (full disk, missing rights); the process that logs goes on. */
	readonly onError: (error: Error) => void;
}

const defaultMaxBytes = 5 * 1024 * 1024;

/** Opens a log for appending; its folder is made when it is missing. Files are readable by the user alone. */
export function openLogFile({ file, maxBytes = defaultMaxBytes, onError }: LogFileOptions): LogFile {
	let descriptor: number | null = null;
	let bytes = 0;
	let failed = false;
	const guard = (action: () => void): void => {
		try {
			action();
			failed = false;
		} catch (error) {
			if (!failed) {
				failed = true;
				onError(error instanceof Error ? error : new Error(String(error)));
			}
		}
	};
	const open = (): number => {
		const opened = openSync(file, "a", 0o600);
		descriptor = opened;
		bytes = fstatSync(opened).size;
		return opened;
	};
	const close = (): void => {
		if (descriptor !== null) {
			closeSync(descriptor);
			descriptor = null;
		}
	};
	guard(() => {
		mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
		open();
	});
	return {
		write: (line) =>
			guard(() => {
				const data = Buffer.from(`${line}\n`);
				if (bytes > 0 && bytes + data.length > maxBytes) {
					close();
					renameSync(file, `${file}.1`);
				}
				writeSync(descriptor ?? open(), data);
				bytes += data.length;
			}),
		close: () => guard(close),
	};
}
