import { setTimeout as wait } from "node:timers/promises";
import type { Change, SessionJournal } from "../sessions/session-journal.ts";

/** How often a change is tried that the disk refused. */
export interface StoreOptions {
	/** Wait before the second time; doubles up to thirty times of it. */
	readonly retryMs: number;
	/** The daemon ends: the change is tried once more at once, and left to the next daemon, which finds everything as it was. */
	readonly giveUp: AbortSignal;
}

/** Commits a change that must not be lost: while the disk refuses it, waits and tries again. */
export async function storeChange(
	journal: Pick<SessionJournal, "commit">,
	change: Change,
	{ retryMs, giveUp }: StoreOptions,
): Promise<void> {
	for (let delayMs = retryMs; !giveUp.aborted; delayMs = Math.min(delayMs * 2, retryMs * 30)) {
		if ((await journal.commit(change)).ok) {
			return;
		}
		// The end of the daemon cuts the wait short.
		await wait(delayMs, undefined, { signal: giveUp }).catch(() => undefined);
	}
	await journal.commit(change);
}
