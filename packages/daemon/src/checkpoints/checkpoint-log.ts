import { readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { ZodError } from "zod";
import { replaceFile } from "../platform/replace-file.ts";
import { syncFolder } from "../platform/sync-folder.ts";
import { isMissing } from "../sessions/is-missing.ts";
import { openLogFile, SessionLog } from "../sessions/session-log.ts";
import { type CheckpointEntry, checkpointEntrySchema } from "./checkpoint-entry.ts";

/** What was kept, per session. One call at a time. */
export interface CheckpointLogs {
	/** Sessions that have entries. */
	readonly sessions: () => Promise<readonly string[]>;
	/** Entries of a session, oldest first; empty where it has none. */
	readonly read: (sessionId: string) => Promise<readonly CheckpointEntry[]>;
	/** On disk when it resolves, or not there at all. */
	readonly append: (sessionId: string, entries: readonly CheckpointEntry[]) => Promise<void>;
	/** Gives a session other entries, in one step. */
	readonly replace: (sessionId: string, entries: readonly CheckpointEntry[]) => Promise<void>;
	readonly close: () => Promise<void>;
}

/** Logs that are open at the same time. */
const maxOpen = 16;
const ending = ".jsonl";

interface OpenLog {
	readonly log: SessionLog;
	readonly entries: CheckpointEntry[];
}

function format(entries: readonly CheckpointEntry[]): string {
	return entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");
}

/** Entries of a log up to its last whole line. Throws where one is none. */
async function readEntries(log: SessionLog): Promise<{ readonly entries: CheckpointEntry[]; readonly knownBytes: number }> {
	const entries: CheckpointEntry[] = [];
	let knownBytes = 0;
	for await (const line of log.lines()) {
		if (line.whole) {
			entries.push(checkpointEntrySchema.parse(JSON.parse(line.text)));
			knownBytes = line.endBytes;
		}
	}
	return { entries, knownBytes };
}

async function load(file: string, onProblem: (message: string) => void): Promise<OpenLog | null> {
	const opened = await openLogFile(file).catch((error: unknown) => {
		if (isMissing(error)) {
			return null;
		}
		throw error;
	});
	if (opened === null) {
		return null;
	}
	const { handle, size } = opened;
	try {
		const { entries, knownBytes } = await readEntries(new SessionLog(handle, size, false));
		return { log: new SessionLog(handle, knownBytes, knownBytes < size), entries };
	} catch (error) {
		await handle.close();
		if (!(error instanceof SyntaxError || error instanceof ZodError)) {
			throw error;
		}
		await rename(file, `${file}.damaged`);
		onProblem(`Checkpoints of a session are damaged and were put aside as ${file}.damaged: its earlier changes cannot be rewound.`);
		return null;
	}
}

/** Logs in a folder of their own, a file per session. A damaged one is put aside and told. Ids are names of files: nothing but letters, digits, `-` and `_` is taken. */
export function openCheckpointLogs(folder: string, onProblem: (message: string) => void): CheckpointLogs {
	const open = new Map<string, OpenLog>();

	function fileOf(sessionId: string): string {
		if (!/^[\w-]{1,128}$/.test(sessionId)) {
			throw new Error("a session's id has characters that no id has");
		}
		return path.join(folder, sessionId + ending);
	}

	async function shut(sessionId: string): Promise<void> {
		const known = open.get(sessionId);
		open.delete(sessionId);
		await known?.log.close();
	}

	async function take(sessionId: string): Promise<OpenLog | null> {
		const known = open.get(sessionId) ?? (await load(fileOf(sessionId), onProblem));
		if (known === null) {
			return null;
		}
		open.delete(sessionId);
		open.set(sessionId, known);
		const [oldest] = open.keys();
		if (open.size > maxOpen && oldest !== undefined) {
			await shut(oldest);
		}
		return known;
	}

	return {
		sessions: async () => (await readdir(folder)).filter((name) => name.endsWith(ending)).map((name) => name.slice(0, -ending.length)),
		read: async (sessionId) => (await take(sessionId))?.entries ?? [],
		append: async (sessionId, entries) => {
			const known = await take(sessionId);
			if (known === null) {
				await replaceFile(fileOf(sessionId), format(entries));
				return;
			}
			await known.log.append(format(entries));
			known.entries.push(...entries);
		},
		replace: async (sessionId, entries) => {
			await shut(sessionId);
			if (entries.length > 0) {
				await replaceFile(fileOf(sessionId), format(entries));
				return;
			}
			await rm(fileOf(sessionId), { force: true });
			await syncFolder(folder);
		},
		close: async () => {
			await Promise.all([...open.keys()].map(shut));
		},
	};
}
