import { randomUUID } from "node:crypto";
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { z } from "zod";
import { isRunning, processStart } from "./process-start.ts";

const holderSchema = z.strictObject({ pid: z.int().positive(), start: z.string().nullable() });

/** Who holds a lock: the id of the process and when it started (`processStart`). */
export type LockHolder = z.infer<typeof holderSchema>;

/** A lock that was taken, or the process that has it. */
export type LockResult = { readonly ok: true; readonly lock: StateLock } | { readonly ok: false; readonly holder: LockHolder };

/** A lock that this process holds. */
export interface StateLock {
	/** Gives the lock back; does nothing when it is no longer ours. */
	release(): Promise<void>;
}

function hasCode(error: unknown, code: string): boolean {
	return error instanceof Error && "code" in error && error.code === code;
}

async function readText(file: string): Promise<string | null> {
	try {
		return await readFile(file, "utf8");
	} catch (error) {
		if (hasCode(error, "ENOENT")) {
			return null;
		}
		throw error;
	}
}

/** Who a lock's text names; null where the text is broken, which no running process leaves behind. */
export function parseHolder(text: string): LockHolder | null {
	try {
		return holderSchema.parse(JSON.parse(text));
	} catch {
		return null;
	}
}

/** True when the holder still runs: its id is in use, by a process that started at the time the lock says. */
export function isAlive(holder: LockHolder): boolean {
	if (!isRunning(holder.pid)) {
		return false;
	}
	const start = processStart(holder.pid);
	return start === null || holder.start === null || start === holder.start;
}

async function createWhole(file: string, text: string): Promise<boolean> {
	const draft = `${file}.${randomUUID()}`;
	await writeFile(draft, text, { mode: 0o600, flag: "wx" });
	try {
		// Unlike writing, linking shows the file with all of its text, and fails where there is one already.
		await link(draft, file);
		return true;
	} catch (error) {
		if (hasCode(error, "EEXIST")) {
			return false;
		}
		throw error;
	} finally {
		await rm(draft, { force: true });
	}
}

/** Removes a stale lock, unless somebody was faster. One process at a time looks and removes, so that no living lock goes. */
async function removeStale(file: string, staleText: string, ours: string): Promise<void> {
	const guard = `${file}.takeover`;
	if (!(await createWhole(guard, ours))) {
		const holder = parseHolder((await readText(guard)) ?? "");
		if (holder !== null && isAlive(holder)) {
			await setTimeout(20);
		} else {
			await rm(guard, { force: true });
		}
		return;
	}
	try {
		if ((await readText(file)) === staleText) {
			await rm(file, { force: true });
		}
	} finally {
		await rm(guard, { force: true });
	}
}

/**
 * Takes the lock of a folder for this process. A lock whose process is dead, or whose text is broken, is taken over;
 * one of a living process is not, and the answer says whose it is.
 */
export async function takeStateLock(file: string): Promise<LockResult> {
	await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
	const ours = `${JSON.stringify({ pid: process.pid, start: processStart(process.pid) } satisfies LockHolder)}\n`;
	for (;;) {
		if (await createWhole(file, ours)) {
			const release = async (): Promise<void> => {
				if ((await readText(file)) === ours) {
					await rm(file, { force: true });
				}
			};
			return { ok: true, lock: { release } };
		}
		const text = await readText(file);
		const holder = text === null ? null : parseHolder(text);
		if (holder !== null && isAlive(holder)) {
			return { ok: false, holder };
		}
		if (text !== null) {
			await removeStale(file, text, ours);
		}
	}
}
