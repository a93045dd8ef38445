import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import type { InstalledModel } from "./installed-model.ts";
import { replaceFile } from "./replace-file.ts";

const seenSchema = z.record(z.string(), z.object({ bytes: z.number(), modifiedAtMs: z.number(), sha256: z.string() }));

type Seen = z.infer<typeof seenSchema>;

type KnownFiles = Pick<InstalledModel, "folder" | "files">;

async function readSeen(file: string): Promise<Seen> {
	try {
		return seenSchema.parse(JSON.parse(await readFile(file, "utf8")));
	} catch {
		return {};
	}
}

/** SHA-256 of a file, as hex. `onBytes` hears how many bytes were read so far. */
export async function digestOf(file: string, onBytes: (bytes: number) => void = () => undefined, signal?: AbortSignal): Promise<string> {
	const hash = createHash("sha256");
	let bytes = 0;
	for await (const piece of createReadStream(file, { highWaterMark: 1 << 20, ...(signal === undefined ? {} : { signal }) })) {
		hash.update(piece);
		bytes += piece.length;
		onBytes(bytes);
	}
	return hash.digest("hex");
}

/** Notes the SHA-256 of files that were just read whole, so that `verifyFiles` need not read them again. */
export async function rememberDigests({ folder, files }: KnownFiles, seenFile: string): Promise<void> {
	const seen = await readSeen(seenFile);
	for (const { name, sha256 } of files) {
		const file = path.join(folder, name);
		const { size, mtimeMs } = await stat(file);
		if (sha256 !== null) {
			seen[file] = { bytes: size, modifiedAtMs: mtimeMs, sha256 };
		}
	}
	await replaceFile(seenFile, `${JSON.stringify(seen, null, "\t")}\n`);
}

/** How files are verified. */
export interface VerifyOptions {
	/** Hears the fraction that was read. */
	readonly onProgress?: (fraction: number) => void;
	/** An abort ends the reading: the call rejects. */
	readonly signal?: AbortSignal;
}

/**
 * Compares the files of a model with their published SHA-256. A file is read once; later starts look only at its size
 * and time, kept in `seenFile`. Null when all is well or nothing was published, else one line that says what to do.
 */
export async function verifyFiles(
	model: KnownFiles,
	seenFile: string,
	{ onProgress = () => undefined, signal }: VerifyOptions = {},
): Promise<string | null> {
	const published = model.files.filter(({ sha256 }) => sha256 !== null);
	const totalBytes = published.reduce((sum, { bytes }) => sum + bytes, 0);
	const seen = await readSeen(seenFile);
	let doneBytes = 0;
	for (const { name, bytes, sha256 } of published) {
		const file = path.join(model.folder, name);
		const { size, mtimeMs } = await stat(file);
		const before = seen[file];
		const isKnown = before?.bytes === size && before.modifiedAtMs === mtimeMs;
		const found = isKnown ? before.sha256 : await digestOf(file, (read) => onProgress((doneBytes + read) / totalBytes), signal);
		doneBytes += bytes;
		if (!isKnown) {
			seen[file] = { bytes: size, modifiedAtMs: mtimeMs, sha256: found };
			await replaceFile(seenFile, `${JSON.stringify(seen, null, "\t")}\n`);
		}
		if (found !== sha256) {
			return `The model file ${file} is damaged: its SHA-256 is ${found} instead of ${sha256}. Get it again.`;
		}
	}
	return null;
}
