import type { CheckpointEntry } from "./checkpoint-entry.ts";
import type { ContentId } from "./file-state.ts";

/** What a file has to become, and which contents of it are the session's own work. */
export interface FilePlan {
	readonly path: string;
	readonly target: CheckpointEntry["before"];
	/** Contents that the session itself left or found at its first change: others are somebody else's. */
	readonly own: readonly ContentId[];
	/** Somebody else changed it between two changes of the session. */
	readonly foreign: boolean;
}

/**
 * Where the changes of a turn and all later ones begin. A turn without changes has no entry: then by its id, as ids are UUIDv7 and
 * ordered by time.
 */
export function indexOfTurn(entries: readonly CheckpointEntry[], turnId: string): number {
	const own = entries.findIndex((entry) => entry.turnId === turnId);
	if (own >= 0) {
		return own;
	}
	const later = entries.findIndex((entry) => entry.turnId > turnId);
	return later < 0 ? entries.length : later;
}

/** What a rewind to before these changes has to do with each file, in the order of their first change. */
export function planRestore(entries: readonly CheckpointEntry[]): FilePlan[] {
	const plans = new Map<string, { path: string; target: CheckpointEntry["before"]; own: Set<ContentId>; foreign: boolean }>();
	for (const { path, before, after } of entries) {
		const plan = plans.get(path);
		if (plan === undefined) {
			plans.set(path, { path, target: before, own: new Set([before.id, after]), foreign: false });
			continue;
		}
		plan.foreign ||= !plan.own.has(before.id);
		plan.own.add(after);
	}
	return [...plans.values()].map((plan) => ({ ...plan, own: [...plan.own] }));
}
