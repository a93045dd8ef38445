import type { CheckpointEntry } from "./checkpoint-entry.ts";
import type { CheckpointLogs } from "./checkpoint-log.ts";
import type { ContentStore } from "./content-store.ts";

const dropped = "Its earlier content was dropped: checkpoints had reached their limit of space.";

function holds(entry: CheckpointEntry): entry is CheckpointEntry & { before: { id: string } } {
	return entry.before.id !== null && entry.before.missing === null;
}

/**
 * Removes contents that nothing refers to, and the oldest that something does until at most `keepBytes` are left; entries that lose
 * theirs say so. Gives the bytes that are left.
 */
export async function collectContents(contents: ContentStore, logs: CheckpointLogs, keepBytes: number): Promise<number> {
	const kept = new Map((await contents.list()).map(({ id, bytes }) => [id, bytes]));
	/** When each content was last referred to. */
	const lastUse = new Map<string, string>();
	const sessions = await logs.sessions();
	for (const sessionId of sessions) {
		for (const entry of await logs.read(sessionId)) {
			if (holds(entry) && entry.at > (lastUse.get(entry.before.id) ?? "")) {
				lastUse.set(entry.before.id, entry.at);
			}
		}
	}
	let left = [...kept.values()].reduce((sum, bytes) => sum + bytes, 0);
	const oldestFirst = [...kept.keys()].sort((a, b) => ((lastUse.get(a) ?? "") < (lastUse.get(b) ?? "") ? -1 : 1));
	const gone = new Set<string>();
	for (const id of oldestFirst) {
		if (lastUse.has(id) && left <= keepBytes) {
			break;
		}
		gone.add(id);
		left -= kept.get(id) ?? 0;
	}
	// The entries first: one that is cut off here says too early that a content is gone, never too late.
	for (const sessionId of sessions) {
		const entries = await logs.read(sessionId);
		if (entries.some((entry) => holds(entry) && gone.has(entry.before.id))) {
			await logs.replace(
				sessionId,
				entries.map((entry) =>
					holds(entry) && gone.has(entry.before.id) ? { ...entry, before: { ...entry.before, missing: dropped } } : entry,
				),
			);
		}
	}
	for (const id of gone) {
		await contents.remove(id);
	}
	return left;
}
