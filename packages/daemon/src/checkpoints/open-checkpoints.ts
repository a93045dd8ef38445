import { mkdir } from "node:fs/promises";
import path from "node:path";
import type { CheckpointEntry } from "./checkpoint-entry.ts";
import { openCheckpointLogs } from "./checkpoint-log.ts";
import type { Checkpoints, RestoredFiles } from "./checkpoints.ts";
import { collectContents } from "./collect-contents.ts";
import { createContentStore } from "./content-store.ts";
import { diffSince } from "./diff-since.ts";
import { contentId } from "./file-state.ts";
import { keepContent } from "./keep-content.ts";
import { indexOfTurn, planRestore } from "./plan-restore.ts";
import { restoreFile } from "./restore-file.ts";
import { openRestoreJournals } from "./restore-journal.ts";

/** Where checkpoints are kept, and how much. */
export interface CheckpointOptions {
	/** Folder of their own: `<home>/checkpoints`. */
	readonly folder: string;
	/** Bytes of kept content in all; 1 GiB when missing. */
	readonly maxBytes?: number;
	/** Larger files are not kept, and a rewind says so; 32 MiB when missing. */
	readonly maxFileBytes?: number;
	/** Told what was damaged, or could not be tidied up. */
	readonly onProblem: (message: string) => void;
	readonly now?: () => Date;
}

/** Where the limit was reached, so much of it is kept. */
const keptShare = 0.8;

/** Runs one thing after the other, also after a failure. */
function createQueue(): <Result>(work: () => Promise<Result>) => Promise<Result> {
	let tail: Promise<unknown> = Promise.resolve();
	return (work) => {
		const result = tail.then(work, work);
		tail = result;
		return result;
	};
}

/** Opens the store and finishes rewinds that were cut off. One process per folder. */
export async function openCheckpoints(options: CheckpointOptions): Promise<Checkpoints> {
	const { folder, maxBytes = 1024 ** 3, maxFileBytes = 32 * 1024 ** 2, now = () => new Date() } = options;
	const contentFolder = path.join(folder, "contents");
	const logFolder = path.join(folder, "sessions");
	const journalFolder = path.join(folder, "restores");
	for (const each of [contentFolder, logFolder, journalFolder]) {
		await mkdir(each, { recursive: true, mode: 0o700 });
	}
	const contents = createContentStore(contentFolder);
	const logs = openCheckpointLogs(logFolder, options.onProblem);
	const journals = openRestoreJournals(journalFolder, options.onProblem);
	const oneByOne = createQueue();
	let used = 0;

	async function keep(sessionId: string, turnId: string, absolutePath: string, after: Uint8Array | null): Promise<void> {
		const entries = await logs.read(sessionId);
		const isFirst = !entries.some((entry) => entry.turnId === turnId && entry.path === absolutePath);
		const { before, addedBytes } = await keepContent(contents, absolutePath, isFirst ? maxFileBytes : null);
		await logs.append(sessionId, [
			{ turnId, path: absolutePath, at: now().toISOString(), before, after: after === null ? null : contentId(after) },
		]);
		used += addedBytes;
		if (used > maxBytes) {
			used = await collectContents(contents, logs, maxBytes * keptShare);
		}
	}

	async function carryOut(sessionId: string, fromIndex: number): Promise<RestoredFiles> {
		const entries = await logs.read(sessionId);
		const restoredFiles: string[] = [];
		const skipped: { path: string; reason: string }[] = [];
		for (const plan of planRestore(entries.slice(fromIndex))) {
			const result = await restoreFile(plan, contents);
			if (result.kind === "restored") {
				restoredFiles.push(plan.path);
			} else if (result.kind === "skipped") {
				skipped.push({ path: plan.path, reason: result.reason });
			}
		}
		const left = new Set(skipped.map((file) => file.path));
		await logs.replace(
			sessionId,
			entries.filter((entry, index) => index < fromIndex || left.has(entry.path)),
		);
		await journals.finish(sessionId);
		return { restoredFiles, skipped };
	}

	for (const journal of await journals.unfinished()) {
		const entries = await logs.read(journal.sessionId);
		if (entries.length === journal.entries) {
			await carryOut(journal.sessionId, journal.fromIndex);
		} else {
			// Only the last step was missing: the log was already shortened.
			await journals.finish(journal.sessionId);
		}
	}
	oneByOne(async () => {
		used = await collectContents(contents, logs, maxBytes);
	}).catch((error: Error) => options.onProblem(`Old checkpoints could not be tidied up: ${error.message}`));

	return {
		keepBefore: (sessionId, turnId, absolutePath, after) => oneByOne(() => keep(sessionId, turnId, absolutePath, after)),
		restore: (sessionId, fromTurnId) =>
			oneByOne(async () => {
				const entries = await logs.read(sessionId);
				const fromIndex = indexOfTurn(entries, fromTurnId);
				if (fromIndex === entries.length) {
					return { restoredFiles: [], skipped: [] };
				}
				await journals.begin({ sessionId, fromIndex, entries: entries.length });
				return carryOut(sessionId, fromIndex);
			}),
		diff: (sessionId, workspace, sinceTurnId) =>
			oneByOne(async () => {
				const entries = await logs.read(sessionId);
				return diffSince(contents, sinceTurnId === undefined ? entries : entries.slice(indexOfTurn(entries, sinceTurnId)), workspace);
			}),
		fork: (fromSessionId, toSessionId, turnIds) =>
			oneByOne(async () => {
				const taken = new Set(turnIds);
				const entries: readonly CheckpointEntry[] = (await logs.read(fromSessionId)).filter((entry) => taken.has(entry.turnId));
				if (entries.length > 0) {
					await logs.append(toSessionId, entries);
				}
			}),
		forget: (sessionId) =>
			oneByOne(async () => {
				await logs.replace(sessionId, []);
				used = await collectContents(contents, logs, maxBytes);
			}),
		usage: () => ({ used, limit: maxBytes }),
		close: () => oneByOne(logs.close),
	};
}
