import { constants } from "node:fs";
import koffi from "koffi";

/** `F_GETFL` and `F_SETFL` of fcntl(2), the same on Linux and macOS. */
const getFlags = 3;
const setFlags = 4;
const stderr = 2;

/**
 * Makes writes to stderr wait for the reader. Node gives a child a pipe that refuses instead when it is full, and the
 * native library, which tells its progress and its reasons there, then loses lines.
 */
export function blockOnStderr(): void {
	if (process.platform === "win32") {
		return;
	}
	const fcntl = koffi.load(null).func("int fcntl(int, int, ...)") as (file: number, command: number, type: "int", value: number) => number;
	const flags = fcntl(stderr, getFlags, "int", 0);
	fcntl(stderr, setFlags, "int", flags & ~constants.O_NONBLOCK);
}
