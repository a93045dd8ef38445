import { createHash } from "node:crypto";
import { mkdirSync, readdirSync } from "node:fs";
import { open, readdir, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import path from "node:path";
import { blockHeader, readBlock } from "./block-file.ts";

/** Where saved state is kept, and how much of it. */
export interface SavedPrefixSettings {
	/** Shared by all models; it holds what people wrote, so that only its owner may read it. */
	readonly folder: string;
	/** For all models together; the longest unused goes first. */
	readonly maxBytes: number;
}

const extension = ".kv";
/** A file that is being written, or was when its process ended. */
const partExtension = ".part";
const abandonedMs = 600_000;
/** The folder is looked through again after this share of its limit was written. */
const trimShare = 1 / 16;
/** Files are removed until this share of the limit is left. */
const keptShare = 0.9;

/** Frees the memory now: many megabytes would wait for the next garbage collection, which sees small objects only. */
function giveBack(state: Uint8Array<ArrayBuffer>): void {
	state.buffer.transfer(0);
}

/** The file was removed, as the longest unused are. */
function isGone(error: unknown): boolean {
	return error instanceof Error && "code" in error && error.code === "ENOENT";
}

/**
 * State of prompts' beginnings on disk, in blocks named by `blockKeys`. It survives the process; a file that is
 * damaged or foreign is ignored. Nothing here waits: writing goes on beside the model's steps.
 */
export class SavedPrefixes {
	/** Names the model, its file and the engine: only equal ones share state. */
	readonly namespace: string;
	readonly #folder: string;
	readonly #settings: SavedPrefixSettings;
	readonly #report: (line: string) => void;
	readonly #known = new Set<string>();
	readonly #writing = new Map<string, Promise<void>>();
	readonly #states = new Map<string, Uint8Array>();
	#bytesBeingWritten = 0;
	#bytesSinceTrim = 0;
	#isWritable = true;
	#trimming: Promise<void>;

	/** Opens the folder, making it where there is none. `report` hears of files and folders that cannot be used. */
	constructor(settings: SavedPrefixSettings, namespace: string, report: (line: string) => void) {
		this.#settings = settings;
		this.namespace = namespace;
		this.#report = report;
		this.#folder = path.join(settings.folder, createHash("sha256").update(namespace).digest("hex").slice(0, 32));
		try {
			mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
			for (const name of readdirSync(this.#folder)) {
				if (/^[0-9a-f]{64}\.kv$/.test(name)) {
					this.#known.add(name.slice(0, -extension.length));
				} else if (!name.endsWith(partExtension)) {
					report(`${path.join(this.#folder, name)} is no saved prefix and is ignored.`);
				}
			}
		} catch (error) {
			this.#giveUpWriting(error);
		}
		this.#trimming = this.#trim();
	}

	/** Memory that waits to be written. */
	get bytesBeingWritten(): number {
		return this.#bytesBeingWritten;
	}

	/** The block is there, or is being written. */
	has(key: string): boolean {
		return this.#known.has(key);
	}

	/** Starts to write a block and takes its state over; one that is there is left alone. */
	write(key: string, state: Uint8Array<ArrayBuffer>): void {
		if (!this.#isWritable || this.#known.has(key)) {
			return;
		}
		this.#known.add(key);
		this.#states.set(key, state);
		const bytes = state.length;
		this.#bytesBeingWritten += bytes;
		this.#writing.set(
			key,
			this.#store(key, state).then(() => {
				this.#states.delete(key);
				this.#writing.delete(key);
				this.#bytesBeingWritten -= bytes;
				giveBack(state);
			}),
		);
	}

	/** The state of a block; null when it is gone or its file cannot be used. */
	async read(key: string): Promise<Uint8Array | null> {
		const unwritten = this.#states.get(key);
		if (unwritten !== undefined) {
			return unwritten.slice();
		}
		const file = this.#file(key);
		try {
			const state = readBlock(key, await readFile(file));
			if (state !== null) {
				await this.#noteUse(key);
				return state;
			}
			this.#report(`${file} is damaged and is removed.`);
			await rm(file, { force: true });
		} catch (error) {
			if (!isGone(error)) {
				this.#report(`${file} cannot be read: ${String(error)}`);
			}
		}
		this.#known.delete(key);
		return null;
	}

	/** Settles when everything that was given is written, and the folder is within its limit. */
	async settled(): Promise<void> {
		await Promise.all(this.#writing.values());
		await this.#trimming;
	}

	#file(key: string): string {
		return path.join(this.#folder, `${key}${extension}`);
	}

	/** A file that made room for others in this moment is known no more. */
	async #noteUse(key: string): Promise<void> {
		const now = new Date();
		try {
			await utimes(this.#file(key), now, now);
		} catch (error) {
			if (!isGone(error)) {
				throw error;
			}
			this.#known.delete(key);
		}
	}

	#giveUpWriting(error: unknown): void {
		if (this.#isWritable) {
			this.#isWritable = false;
			this.#report(`Prefixes cannot be saved in ${this.#folder} and are computed anew after a restart: ${String(error)}`);
		}
	}

	async #store(key: string, state: Uint8Array): Promise<void> {
		const part = `${this.#file(key)}.${process.pid}${partExtension}`;
		try {
			const file = await open(part, "w", 0o600);
			try {
				await file.writev([blockHeader(key, state), state]);
			} finally {
				await file.close();
			}
			await rename(part, this.#file(key));
		} catch (error) {
			this.#known.delete(key);
			this.#giveUpWriting(error);
			await rm(part, { force: true });
		}
		this.#bytesSinceTrim += state.length;
		if (this.#bytesSinceTrim > this.#settings.maxBytes * trimShare) {
			this.#bytesSinceTrim = 0;
			this.#trimming = this.#trimming.then(() => this.#trim());
		}
	}

	/** Removes the longest unused files of all models, and what ended processes left half written. */
	async #trim(): Promise<void> {
		try {
			const names = await readdir(this.#settings.folder, { recursive: true });
			const files: { file: string; bytes: number; usedAtMs: number }[] = [];
			for (const name of names) {
				const file = path.join(this.#settings.folder, name);
				const facts = name.endsWith(extension) || name.endsWith(partExtension) ? await stat(file).catch(() => null) : null;
				if (facts !== null) {
					files.push({ file, bytes: facts.size, usedAtMs: facts.mtimeMs });
				}
			}
			const abandoned = files.filter(({ file, usedAtMs }) => file.endsWith(partExtension) && Date.now() - usedAtMs > abandonedMs);
			const saved = files.filter(({ file }) => file.endsWith(extension)).sort((a, b) => a.usedAtMs - b.usedAtMs);
			let bytes = saved.reduce((sum, entry) => sum + entry.bytes, 0);
			const limit = bytes > this.#settings.maxBytes ? this.#settings.maxBytes * keptShare : bytes;
			const oldest = saved.filter((entry) => {
				const isTooMuch = bytes > limit;
				bytes -= isTooMuch ? entry.bytes : 0;
				return isTooMuch;
			});
			for (const { file } of [...abandoned, ...oldest]) {
				await rm(file, { force: true });
				this.#known.delete(path.basename(file, extension));
			}
		} catch (error) {
			this.#giveUpWriting(error);
		}
	}
}
