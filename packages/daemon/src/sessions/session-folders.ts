import { mkdir, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { isDraft } from "../platform/replace-file.ts";
import { syncFolder } from "../platform/sync-folder.ts";
import { isMissing } from "./is-missing.ts";

/** The files of one session. */
export interface SessionFiles {
	/** Events, the truth. */
	readonly log: string;
	readonly snapshot: string;
	/** Variables for its shell commands. */
	readonly environment: string;
}

/** Whether a session is in use or in the trash. */
export type SessionPlace = "used" | "trash";

/** Ids become names of files: nothing that leads elsewhere is one. */
export function isSessionId(text: string): boolean {
	return /^[A-Za-z0-9_-]{1,128}$/.test(text);
}

/** Where sessions are: `<home>/sessions`, with the trash and the backups of migrated ones below. */
export class SessionFolders {
	readonly root: string;
	readonly backups: string;
	readonly index: string;
	readonly #trash: string;

	constructor(home: string) {
		this.root = path.join(home, "sessions");
		this.#trash = path.join(this.root, "trash");
		this.backups = path.join(this.root, "backups");
		this.index = path.join(this.root, "search.sqlite");
	}

	async make(): Promise<void> {
		for (const folder of [this.root, this.#trash]) {
			await mkdir(folder, { recursive: true, mode: 0o700 });
		}
	}

	files(sessionId: string, place: SessionPlace): SessionFiles {
		const base = path.join(this.#folder(place), sessionId);
		return { log: `${base}.jsonl`, snapshot: `${base}.json`, environment: `${base}.environment.json` };
	}

	/** Names of files in a place. What was being made when a daemon ended, and so was never promised to anybody, is removed. */
	async names(place: SessionPlace): Promise<string[]> {
		const names = await readdir(this.#folder(place));
		await Promise.all(names.filter(isDraft).map((name) => rm(path.join(this.#folder(place), name))));
		return names;
	}

	/** Moves a session; its log first, which is what it is. */
	async move(sessionId: string, from: SessionPlace): Promise<void> {
		const to = from === "used" ? "trash" : "used";
		const source = this.files(sessionId, from);
		const target = this.files(sessionId, to);
		await rename(source.log, target.log);
		await renameIfThere(source.snapshot, target.snapshot);
		await renameIfThere(source.environment, target.environment);
		await syncFolder(this.#folder(to));
		await syncFolder(this.#folder(from));
	}

	/** Removes a session for good. */
	async remove(sessionId: string, place: SessionPlace): Promise<void> {
		const { log, snapshot, environment } = this.files(sessionId, place);
		await Promise.all([log, snapshot, environment].map((file) => rm(file, { force: true })));
		await syncFolder(this.#folder(place));
	}

	#folder(place: SessionPlace): string {
		return place === "used" ? this.root : this.#trash;
	}
}

async function renameIfThere(from: string, to: string): Promise<void> {
	await rename(from, to).catch((error: unknown) => {
		if (!isMissing(error)) {
			throw error;
		}
	});
}
