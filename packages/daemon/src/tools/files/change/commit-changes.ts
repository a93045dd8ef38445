import { chmod, mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { replaceFile } from "../../../platform/replace-file.ts";
import { syncFolder } from "../../../platform/sync-folder.ts";
import type { ToolContext } from "../../tool.ts";
import { ToolInputError } from "../locate.ts";
import type { PathLocks } from "../path-locks.ts";
import type { ReadLedger } from "../read-ledger.ts";
import { readWhole } from "../regular-file.ts";
import type { FileChange } from "./file-change.ts";

/** What changes of files go through. */
export interface ChangeParts {
	readonly ledger: ReadLedger;
	readonly locks: PathLocks;
}

function sameBytes(a: Buffer | null, b: Buffer | null): boolean {
	return a === null || b === null ? a === b : a.equals(b);
}

async function put(absolute: string, bytes: Buffer | null, mode: number | undefined, before: Buffer | null): Promise<void> {
	if (bytes === null) {
		await rm(absolute);
		await syncFolder(path.dirname(absolute));
		return;
	}
	if (before !== null && bytes.equals(before)) {
		if (mode !== undefined) {
			await chmod(absolute, mode);
		}
		return;
	}
	await mkdir(path.dirname(absolute), { recursive: true });
	await replaceFile(absolute, bytes, { mode: mode ?? null });
}

/** Puts back what was already written, last first. What cannot be put back is said. */
async function undo(done: readonly { readonly change: FileChange; readonly mode: number | undefined }[]): Promise<string[]> {
	const stuck: string[] = [];
	for (const { change, mode } of done.toReversed()) {
		try {
			await put(change.place.absolute, change.before, mode, change.after);
		} catch {
			stuck.push(change.place.shown);
		}
	}
	return stuck;
}

/**
 * Works out changes and makes them, all or none, while no other call touches these files. A file that is not what the session last saw
 * is refused. Each is kept for a rewind first; a write that fails is reported and the others are put back.
 */
export async function commitChanges(
	{ ledger, locks }: ChangeParts,
	absolutePaths: readonly string[],
	plan: () => Promise<readonly FileChange[]>,
	context: Pick<ToolContext, "sessionId" | "keepBefore" | "signal">,
): Promise<readonly FileChange[]> {
	return locks.hold(absolutePaths, async () => {
		const changes = await plan();
		const modes = new Map<FileChange, number | undefined>();
		for (const change of changes) {
			const { absolute, shown } = change.place;
			const now = await readWhole(absolute, shown);
			const bytes = now?.bytes ?? null;
			if (!sameBytes(bytes, change.before) || !ledger.isCurrent(context.sessionId, absolute, bytes)) {
				throw new ToolInputError(`${shown} was changed by somebody else since you read it. Read it again, then change it.`);
			}
			modes.set(change, now?.mode);
		}
		context.signal.throwIfAborted();
		for (const change of changes) {
			await context.keepBefore(change.place.absolute, change.after);
		}
		const done: { readonly change: FileChange; readonly mode: number | undefined }[] = [];
		for (const change of changes) {
			const mode = modes.get(change);
			try {
				await put(change.place.absolute, change.after, change.mode ?? mode, change.before);
			} catch (error) {
				const stuck = await undo(done);
				if (stuck.length > 0) {
					throw new ToolInputError(`${change.place.shown} could not be written, and these could not be put back: ${stuck.join(", ")}.`);
				}
				throw error;
			}
			done.push({ change, mode });
		}
		for (const change of changes) {
			ledger.note(context.sessionId, change.place.absolute, change.after);
		}
		return changes;
	});
}
