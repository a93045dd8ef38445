import type { FileHandle } from "node:fs/promises";
import type { Dispatcher } from "undici";
import { allOrStop } from "./all-or-stop.ts";
import { DownloadFailure, PassingTrouble, StartOver } from "./download-failure.ts";
import { followRequest, type Hub } from "./follow-request.ts";
import type { Limiter } from "./limiter.ts";
import { newRecord, type PartRecord, segmentLength, writeRecord } from "./part-record.ts";
import { servedRange, statedLength, strongValidator } from "./response-facts.ts";
import { tryAgain } from "./try-again.ts";

/** The record is written when this many bytes have come since the last time: the most that a crash costs. */
const recordEveryBytes = 32 * 1024 * 1024;

const diskTroubles: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT", "EROFS", "EACCES", "EIO"]);

/** One file to fetch. */
export interface WantedFile {
	readonly url: URL;
	/** Path that it gets when it is whole. */
	readonly target: string;
	/** Null where nobody said. */
	readonly bytes: number | null;
}

/** What a transfer works with. */
export interface TransferParts {
	readonly hub: Hub;
	readonly signal: AbortSignal;
	/** Bounds the connections of all files together. */
	readonly connections: Limiter;
	/** Requests are for this many bytes. */
	readonly segmentBytes: number;
	/** Pause after the first trouble; later ones double. */
	readonly pauseMs: number;
	/** Hears of bytes that are here, also of those found at the start; fewer than none where a file must begin again. */
	readonly onBytes: (bytes: number) => void;
	readonly onPause: (reason: string, pauseMs: number) => void;
	/** Called when the size is known and nothing is here yet; throws where the file would not fit on the disk. */
	readonly reserve: (bytes: number) => Promise<void>;
}

function asTrouble(error: unknown): Error {
	if (error instanceof DownloadFailure || error instanceof PassingTrouble) {
		return error;
	}
	const code = error instanceof Error && "code" in error ? String(error.code) : "";
	return diskTroubles.has(code)
		? new DownloadFailure("unavailable", `The disk does not take the file (${code}). Make room, then resume the download.`)
		: new PassingTrouble(`the connection broke (${error instanceof Error ? error.message : String(error)})`);
}

/** One file on its way to disk, in segments. */
export class FileTransfer {
	readonly #file: WantedFile;
	readonly #parts: TransferParts;
	readonly #handle: FileHandle;
	readonly #recordFile: string;
	#record: PartRecord | null;
	/** The server sends whole files only, so there is nothing to record. */
	#isWholeOnly = false;
	#unrecordedBytes = 0;
	#recording: Promise<void> = Promise.resolve();

	constructor(file: WantedFile, parts: TransferParts, handle: FileHandle, recordFile: string, record: PartRecord | null) {
		this.#file = file;
		this.#parts = parts;
		this.#handle = handle;
		this.#recordFile = recordFile;
		this.#record = record;
	}

	/** Bytes that are here. */
	get doneBytes(): number {
		return this.#record?.done.reduce((sum, done) => sum + done, 0) ?? 0;
	}

	/** Settles when all bytes are on disk; throws StartOver when what is here must be thrown away. */
	async run(): Promise<void> {
		const { connections, signal } = this.#parts;
		this.#parts.onBytes(this.doneBytes);
		try {
			if (this.#record === null) {
				await connections.run(() =>
					this.#attempt(signal, () => (this.#record === null ? this.#fetchFirst() : this.#fetchSegment(0, signal))),
				);
			}
			const record = this.#record;
			const open = record?.done.flatMap((done, index) => (done < segmentLength(record, index) ? [index] : [])) ?? [];
			await allOrStop(
				signal,
				open.map((index) => (stop) => connections.run(() => this.#attempt(stop, () => this.#fetchSegment(index, stop)))),
			);
			await this.#handle.sync();
		} finally {
			await this.#keepRecord();
		}
	}

	#attempt(signal: AbortSignal, action: () => Promise<void>): Promise<void> {
		const { pauseMs, onPause } = this.#parts;
		signal.throwIfAborted();
		return tryAgain({ signal, pauseMs, onPause, progress: () => this.doneBytes }, action);
	}

	/** The first request tells how long the file is, and whether ranges are served. */
	async #fetchFirst(): Promise<void> {
		const { hub, signal, segmentBytes, reserve } = this.#parts;
		const { url, bytes } = this.#file;
		if (bytes === 0) {
			return;
		}
		const response = await followRequest(hub, url, { headers: { range: `bytes=0-${segmentBytes - 1}` }, signal });
		try {
			const range = servedRange(response);
			const total = response.statusCode === 206 ? (range?.totalBytes ?? null) : statedLength(response);
			if (response.statusCode === 416 || (response.statusCode === 206 && range?.from !== 0)) {
				throw new DownloadFailure(
					"host_unreachable",
					`${url.host} answers to a request for a part of ${url.pathname} with something else.`,
				);
			}
			if (bytes !== null && total !== null && total !== bytes) {
				throw this.#wrongSize(total, bytes);
			}
			const size = bytes ?? total;
			if (size === null) {
				throw new DownloadFailure("host_unreachable", `${url.host} does not say how long ${url.pathname} is.`);
			}
			await reserve(size);
			this.#isWholeOnly = range === null;
			this.#record = newRecord(url.href, size, strongValidator(response), range === null ? Math.max(1, size) : segmentBytes);
			await this.#readBody(response, this.#record, 0, signal);
		} catch (error) {
			if (this.#isWholeOnly) {
				this.#parts.onBytes(-this.doneBytes);
				this.#record = null;
			}
			throw error;
		} finally {
			response.body.destroy();
		}
	}

	async #fetchSegment(index: number, signal: AbortSignal): Promise<void> {
		const { hub } = this.#parts;
		const { url } = this.#file;
		const record = this.#record;
		if (record === null) {
			return;
		}
		const from = index * record.segmentBytes + (record.done[index] ?? 0);
		const to = index * record.segmentBytes + segmentLength(record, index) - 1;
		const headers: Record<string, string> = { range: `bytes=${from}-${to}` };
		if (record.validator !== null) {
			headers["if-range"] = record.validator;
		}
		const response = await followRequest(hub, url, { headers, signal });
		try {
			const range = servedRange(response);
			if (range === null) {
				throw new StartOver();
			}
			if (range.from !== from || (range.totalBytes !== null && range.totalBytes !== record.bytes)) {
				throw this.#wrongSize(range.totalBytes ?? 0, record.bytes);
			}
			await this.#readBody(response, record, index, signal);
		} finally {
			response.body.destroy();
		}
	}

	async #readBody({ body }: Dispatcher.ResponseData, record: PartRecord, index: number, signal: AbortSignal): Promise<void> {
		const { onBytes, segmentBytes } = this.#parts;
		const length = segmentLength(record, index);
		const start = index * record.segmentBytes;
		try {
			for await (const piece of body as AsyncIterable<Buffer>) {
				const done = record.done[index] ?? 0;
				if (done + piece.length > length) {
					throw this.#wrongSize(start + done + piece.length, record.bytes);
				}
				await this.#handle.write(piece, 0, piece.length, start + done);
				record.done[index] = done + piece.length;
				onBytes(piece.length);
				this.#unrecordedBytes += piece.length;
				if (this.#unrecordedBytes >= Math.min(recordEveryBytes, segmentBytes)) {
					await this.#keepRecord();
				}
			}
		} catch (error) {
			signal.throwIfAborted();
			throw asTrouble(error);
		}
		if ((record.done[index] ?? 0) < length) {
			throw new PassingTrouble("the server ended the connection early");
		}
	}

	#wrongSize(actualBytes: number, expectedBytes: number): DownloadFailure {
		const message = `${this.#file.url.pathname} has ${actualBytes} bytes or more instead of ${expectedBytes}: what was promised and what is sent do not agree.`;
		return new DownloadFailure("conflict", message, { expectedBytes, actualBytes });
	}

	/** Writes down what is here, one at a time, the data before the record that speaks of it. */
	#keepRecord(): Promise<void> {
		this.#recording = this.#recording.then(async () => {
			if (this.#record !== null && !this.#isWholeOnly) {
				this.#unrecordedBytes = 0;
				const record = structuredClone(this.#record);
				await this.#handle.datasync();
				await writeRecord(this.#recordFile, record);
			}
		});
		return this.#recording;
	}
}
