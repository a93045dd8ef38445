import { copyFile } from "node:fs/promises";
import { replaceFile } from "../platform/replace-file.ts";
import { buildLog } from "./build-log.ts";
import { foundingEvents } from "./founding-events.ts";
import { LiveSession, type SessionSurroundings } from "./live-session.ts";
import { type LoadedSession, loadSession } from "./load-session.ts";
import { failed, type Outcome } from "./outcome.ts";
import type { SessionEnvironments, SessionVariables } from "./session-environment.ts";
import { isSessionId, type SessionFolders, type SessionPlace } from "./session-folders.ts";
import { type DraftEvent, unwritten } from "./session-journal.ts";

interface Slot {
	readonly ready: Promise<Outcome<LiveSession>>;
	live: LiveSession | null;
	/** Who works with it at the moment. */
	pins: number;
	usedAt: number;
	onFree: () => void;
}

/** What a store works with. */
export interface SessionStoreOptions {
	readonly folders: SessionFolders;
	readonly environments: SessionEnvironments;
	readonly around: SessionSurroundings;
	/** For sessions that were started without variables. */
	readonly environment: SessionVariables;
	readonly maxLoaded: number;
	/** Told before a session is put out of memory. */
	readonly onUnload: (live: LiveSession) => void;
}

/** Sessions in memory: read when somebody needs one, put out when there are too many and nobody works with it. */
export class SessionStore {
	readonly #options: SessionStoreOptions;
	readonly #slots = new Map<string, Slot>();
	/** Sessions that are being put out or moved; whoever needs one waits. */
	readonly #leaving = new Map<string, Promise<void>>();
	#clock = 0;

	constructor(options: SessionStoreOptions) {
		this.#options = options;
	}

	/** Those in memory. */
	live(): LiveSession[] {
		return [...this.#slots.values()].flatMap(({ live }) => (live === null ? [] : [live]));
	}

	/** One of those in memory. */
	find(sessionId: string): LiveSession | null {
		return this.#slots.get(sessionId)?.live ?? null;
	}

	get loaded(): number {
		return this.#slots.size;
	}

	/** Works with a session, which stays in memory meanwhile. */
	async use<T>(sessionId: string, work: (live: LiveSession) => Promise<Outcome<T>> | Outcome<T>): Promise<Outcome<T>> {
		if (!isSessionId(sessionId)) {
			return notFound();
		}
		for (let leaving = this.#leaving.get(sessionId); leaving !== undefined; leaving = this.#leaving.get(sessionId)) {
			await leaving;
		}
		const slot = this.#slots.get(sessionId) ?? this.#load(sessionId);
		slot.pins += 1;
		try {
			const live = await slot.ready;
			return live.ok ? await work(live.value) : live;
		} finally {
			slot.pins -= 1;
			this.#clock += 1;
			slot.usedAt = this.#clock;
			if (slot.pins === 0) {
				slot.onFree();
			}
			this.#trim();
		}
	}

	/** Makes a session of its first events; it is there whole or not at all. */
	async create(sessionId: string, drafts: readonly DraftEvent[], environment: SessionVariables | null): Promise<Outcome<null>> {
		const { folders, around, environments } = this.#options;
		const files = folders.files(sessionId, "used");
		const { text } = buildLog(sessionId, drafts, around.now().toISOString());
		try {
			if (environment !== null) {
				await environments.store(sessionId, files.environment, environment);
			}
			await replaceFile(files.log, text);
			return { ok: true, value: null };
		} catch (error) {
			around.onProblem("A session could not be created.", error, sessionId);
			return unwritten(error);
		}
	}

	/** Moves a session to the trash or back once nobody works with it. */
	async move(sessionId: string, from: SessionPlace): Promise<void> {
		await this.#leave(sessionId, () => this.#options.folders.move(sessionId, from));
	}

	/** Removes a session for good. */
	async remove(sessionId: string, place: SessionPlace): Promise<void> {
		await this.#leave(sessionId, () => this.#options.folders.remove(sessionId, place));
	}

	/** Puts all out. */
	async close(): Promise<void> {
		await Promise.all([...this.#slots.keys()].map((id) => this.#leave(id, async () => undefined)));
		await Promise.all(this.#leaving.values());
	}

	#load(sessionId: string): Slot {
		const slot: Slot = { ready: this.#open(sessionId), live: null, pins: 0, usedAt: 0, onFree: () => undefined };
		this.#slots.set(sessionId, slot);
		slot.ready.then(
			(live) => {
				if (live.ok) {
					slot.live = live.value;
					live.value.turns.start();
				} else if (this.#slots.get(sessionId) === slot) {
					this.#slots.delete(sessionId);
				}
			},
			() => this.#slots.delete(sessionId),
		);
		return slot;
	}

	async #open(sessionId: string): Promise<Outcome<LiveSession>> {
		const { folders, environments, around, environment } = this.#options;
		try {
			for (const place of ["used", "trash"] as const) {
				const loaded = await this.#read(sessionId, place);
				const files = folders.files(sessionId, place);
				if (loaded.ok) {
					const own = await environments.read(sessionId, files.environment);
					const { log, state, snapshot } = loaded;
					const parts = { files, log, state, snapshot, environment: own ?? environment };
					return { ok: true, value: new LiveSession(parts, around) };
				}
				if (loaded.reason === "newer") {
					return failed("unavailable", "This session was written by a newer version of Opta. Update Opta to open it.");
				}
				if (loaded.reason === "damaged") {
					return failed("internal", "The files of this session are damaged beyond reading. They were left as they are.");
				}
			}
			return notFound();
		} catch (error) {
			around.onProblem("A session could not be read.", error, sessionId);
			return failed("unavailable", "The session could not be read from the disk. Try again; the daemon's log says more.", {
				retryAfterMs: 2000,
			});
		}
	}

	/** Reads a session; one whose log is damaged is made anew of what is left, beside a copy of the damaged files. */
	async #read(sessionId: string, place: SessionPlace): Promise<LoadedSession> {
		const { folders, around } = this.#options;
		const { log, snapshot } = folders.files(sessionId, place);
		const loaded = await loadSession(log, snapshot, sessionId);
		if (loaded.ok || loaded.reason !== "damaged" || loaded.state === null) {
			return loaded;
		}
		const { file, turns } = loaded.state;
		const at = around.now().toISOString();
		const kept = `${log}.damaged-${at.replaceAll(":", "")}`;
		await copyFile(log, kept);
		const waiting = turns.filter(({ begun }) => !begun);
		await replaceFile(log, buildLog(sessionId, foundingEvents(file, waiting, at), at).text);
		around.onProblem(`The log of a session was damaged: it was made anew, the damaged one is ${kept}.`, null, sessionId);
		return loadSession(log, snapshot, sessionId);
	}

	/** Puts out those not needed, least lately used first. */
	#trim(): void {
		const idle = [...this.#slots].filter(([, { pins, live }]) => pins === 0 && live?.busy === false);
		const over = this.#slots.size - this.#options.maxLoaded;
		for (const [id] of idle.sort(([, a], [, b]) => a.usedAt - b.usedAt).slice(0, Math.max(0, over))) {
			this.#leave(id, async () => undefined).catch((error: unknown) =>
				this.#options.around.onProblem("A session could not be put out of memory.", error, id),
			);
		}
	}

	#leave(sessionId: string, then: () => Promise<void>): Promise<void> {
		const slot = this.#slots.get(sessionId);
		this.#slots.delete(sessionId);
		const before = this.#leaving.get(sessionId) ?? Promise.resolve();
		const leaving = before
			.then(async () => {
				if (slot !== undefined) {
					await free(slot);
					const live = await slot.ready;
					if (live.ok) {
						this.#options.onUnload(live.value);
						await live.value.close();
					}
				}
				await then();
			})
			.finally(() => {
				if (this.#leaving.get(sessionId) === settled) {
					this.#leaving.delete(sessionId);
				}
			});
		const settled = leaving.catch(() => undefined);
		this.#leaving.set(sessionId, settled);
		return leaving;
	}
}

function free(slot: Slot): Promise<void> {
	return new Promise((resolve) => {
		if (slot.pins === 0) {
			resolve();
		} else {
			slot.onFree = resolve;
		}
	});
}

/** The answer for sessions that are not there, or not for this caller. */
export function notFound(): Outcome<never> {
	return failed("not_found", "There is no such session. Read the list again; it may have been deleted.");
}
