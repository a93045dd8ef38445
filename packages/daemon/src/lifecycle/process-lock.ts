import { mkdirSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";

/** A lock that this process holds. */
export interface ProcessLock {
	readonly release: () => void;
}

/** SQLite's result code for "somebody else has it" (https://sqlite.org/rescode.html#busy). */
const sqliteBusy = 5;

/**
 * Takes an exclusive lock, or answers null where another process has it. The system itself holds it (SQLite locks the file),
 * so it is gone the moment its process is, however that ends.
 */
export function takeLock(file: string): ProcessLock | null {
	mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
	const database = new DatabaseSync(file, { timeout: 0 });
	try {
		database.exec("BEGIN EXCLUSIVE");
	} catch (error) {
		database.close();
		if (error instanceof Error && "errcode" in error && error.errcode === sqliteBusy) {
			return null;
		}
		throw error;
	}
	return { release: () => database.close() };
}
