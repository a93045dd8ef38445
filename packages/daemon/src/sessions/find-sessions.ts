import { copyFile, mkdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { parseJson } from "@opta/host-client/host-error";
import { replaceFile } from "../platform/replace-file.ts";
import { buildLog } from "./build-log.ts";
import { foundingEvents } from "./founding-events.ts";
import { done } from "./outcome.ts";
import { readSessionFile } from "./read-session-file.ts";
import { isSessionId, type SessionPlace } from "./session-folders.ts";
import type { IndexedLog } from "./session-index.ts";
import type { SessionParts } from "./session-parts.ts";

/**
 * Finds what earlier daemons left: older files get logs, moves to and from the trash are finished, the index is brought up to
 * the logs. Returns those with turns that are not over.
 */
export async function findSessions(parts: SessionParts): Promise<string[]> {
	const { folders, index, onProblem } = parts;
	const known = index.logs();
	const open: string[] = [];
	for (const place of ["used", "trash"] as const) {
		const names = await folders.names(place);
		if (place === "used") {
			names.push(...(await migrateOlder(parts, names)));
		}
		for (const name of names.filter((file) => file.endsWith(".jsonl"))) {
			const id = name.slice(0, -".jsonl".length);
			if (!isSessionId(id)) {
				continue;
			}
			const before = known.get(id);
			known.delete(id);
			try {
				const found = await findSession(parts, id, place, before);
				if (found?.open) {
					open.push(id);
				}
			} catch (error) {
				onProblem("A session could not be looked at when the daemon started.", error, id);
			}
		}
	}
	for (const id of known.keys()) {
		index.remove(id);
	}
	return open;
}

/** Reads a session where the index is behind its log, and sees that it lies where it belongs. */
async function findSession(
	{ folders, index, store }: SessionParts,
	id: string,
	place: SessionPlace,
	before: IndexedLog | undefined,
): Promise<IndexedLog | undefined> {
	const { size } = await stat(folders.files(id, place).log);
	let found = before;
	if (before === undefined || before.logBytes !== size) {
		const read = await store.use<IndexedLog>(id, ({ state, logBytes }) => {
			index.update(state, logBytes);
			return done({ logBytes, open: state.turns.length > 0, trashedAt: state.file.metadata.trashedAt });
		});
		found = read.ok ? read.value : undefined;
	}
	if (found !== undefined && (found.trashedAt !== null) !== (place === "trash")) {
		await store.move(id, place);
	}
	return found;
}

/** Gives sessions of the older format (one JSON file) a log, beside a copy of the file. One that cannot be read whole stays as it is. */
async function migrateOlder(parts: SessionParts, names: readonly string[]): Promise<string[]> {
	const there = new Set(names);
	const migrated: string[] = [];
	for (const name of names) {
		const id = name.slice(0, -".json".length);
		if (!name.endsWith(".json") || !isSessionId(id) || there.has(`${id}.jsonl`)) {
			continue;
		}
		try {
			if (await migrate(parts, name, id)) {
				migrated.push(`${id}.jsonl`);
			}
		} catch (error) {
			parts.onProblem("A session of an older format could not be taken over; it was left alone.", error, id);
		}
	}
	return migrated;
}

async function migrate({ folders, now, onProblem }: SessionParts, name: string, id: string): Promise<boolean> {
	const source = path.join(folders.root, name);
	const at = now().toISOString();
	const file = readSessionFile(parseJson(await readFile(source, "utf8")), at);
	if (file === null) {
		onProblem("A file in the folder of sessions is no session that this version can read; it was left alone.", null, id);
		return false;
	}
	const built = buildLog(id, foundingEvents({ ...file, id, permissions: [] }, [], at), at);
	if (built.state.file.messages.length < file.messages.length) {
		onProblem("A session of an older format could not be taken over whole; it was left alone.", null, id);
		return false;
	}
	await mkdir(folders.backups, { recursive: true, mode: 0o700 });
	await copyFile(source, path.join(folders.backups, name));
	await replaceFile(folders.files(id, "used").log, built.text);
	return true;
}

/** Removes what has been in the trash for longer than the configuration says; without a number of days, nothing. */
export async function emptyTrash(parts: SessionParts): Promise<void> {
	const { trashDays } = parts.config(parts.folders.root).daemon;
	if (trashDays === null) {
		return;
	}
	const before = parts.now().getTime() - trashDays * 86_400_000;
	for (const [id, { trashedAt }] of parts.index.logs()) {
		if (trashedAt !== null && Date.parse(trashedAt) < before) {
			await parts.store.remove(id, "trash");
			await parts.checkpoints.forget(id);
			parts.index.remove(id);
		}
	}
}
