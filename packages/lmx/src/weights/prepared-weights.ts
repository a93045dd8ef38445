import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { availableParallelism } from "node:os";
import path from "node:path";
import { findLibrary, LibraryUnavailableError, pinnedRelease } from "../engine/library/find-library.ts";
import type { Backend } from "../engine/library/platform-build.ts";
import { explainMissingSpace } from "../library/disk-space.ts";
import { fileTypes } from "../library/gguf/file-types.ts";
import type { InstalledModel } from "../library/installed-model.ts";
import { runQuantizer } from "../quantize/run-quantizer.ts";

/** Where prepared weights are kept, and how much of them. */
export interface PreparedWeightsSettings {
	readonly dir: string;
	/** For all models together; the longest unused go first. */
	readonly maxBytes: number;
}

/** Quantisations for which the x86 build of llama.cpp v0.5.0 multiplies vector by vector, with no kernel for whole matrices. */
const slowTypes: ReadonlySet<string> = new Set(["Q4_1", "Q5_1"]);
/** Of Q8_0: a block of 32 values takes 34 bytes. */
const bytesPerValue = 34 / 32;
/** Larger weights wait for memory more than they compute, so that more bytes would slow down a single answer. */
const mostBytes = 512 * 1024 ** 2;
/** Memory for the rows that are converted at a time. */
const bufferBytes = 64 * 1024 ** 2;
const extension = ".gguf";

/** Models run on an x86 processor, with no graphics card. Where no library is there, the model's process will say so. */
function isX86Alone(backend: Backend): boolean {
	try {
		return process.arch === "x64" && findLibrary(backend).build.backend === "cpu";
	} catch (error) {
		if (error instanceof LibraryUnavailableError) {
			return false;
		}
		throw error;
	}
}

/**
 * The file with a model's weights as Q8_0, which this processor multiplies several times as fast; it may have to be made
 * yet. Null where the model's own file is the best there is.
 */
export function preparedFileOf(model: InstalledModel, settings: PreparedWeightsSettings | null, backend: Backend): string | null {
	const { format, quantisation, parameters, files, fileBytes, modifiedAt, sha256 } = model;
	const isSlow = format === "gguf" && files.length <= 1 && quantisation !== null && slowTypes.has(quantisation);
	const isSmall = parameters !== null && parameters * bytesPerValue <= mostBytes;
	if (settings === null || !isSlow || !isSmall || !isX86Alone(backend)) {
		return null;
	}
	const identity = [sha256 ?? `${model.path} ${modifiedAt.getTime()}`, fileBytes, "Q8_0", pinnedRelease].join(" ");
	return path.join(settings.dir, `${createHash("sha256").update(identity).digest("hex").slice(0, 32)}${extension}`);
}

/** Removes the longest unused files until `bytes` more are within the limit. */
async function makeRoom({ dir, maxBytes }: PreparedWeightsSettings, bytes: number): Promise<void> {
	const names = (await readdir(dir)).filter((name) => name.endsWith(extension));
	const files = await Promise.all(names.map(async (name) => ({ file: path.join(dir, name), ...(await stat(path.join(dir, name))) })));
	let total = bytes + files.reduce((sum, { size }) => sum + size, 0);
	for (const { file, size } of files.sort((a, b) => a.mtimeMs - b.mtimeMs)) {
		if (total <= maxBytes) {
			return;
		}
		await rm(file, { force: true });
		total -= size;
	}
}

/** What the caller of `prepareWeights` hears, and how it stops the work. */
export interface PrepareOptions {
	readonly signal: AbortSignal;
	/** Hears a number from 0 to 1. */
	readonly onProgress: (fraction: number) => void;
}

async function make(
	model: InstalledModel,
	target: string,
	settings: PreparedWeightsSettings,
	options: PrepareOptions,
): Promise<string | null> {
	const bytes = Math.ceil((model.parameters ?? 0) * bytesPerValue);
	await mkdir(settings.dir, { recursive: true, mode: 0o700 });
	const missing = await explainMissingSpace(settings.dir, bytes);
	if (missing !== null) {
		return missing.message;
	}
	await makeRoom(settings, bytes);
	const part = `${target}.${process.pid}.part`;
	const threads = availableParallelism();
	const task = { type: "quantize", source: model.path, target: part, fileType: fileTypes.Q8_0, threads, allowRequantize: true } as const;
	const made = await runQuantizer({ ...task, bufferBytes }, options);
	if (made.ok) {
		await rename(part, target);
		return null;
	}
	await rm(part, { force: true });
	return made.reason;
}

/** Makes the file that `preparedFileOf` names, where it is not there; null when it is, else why it cannot be made. */
export async function prepareWeights(
	model: InstalledModel,
	target: string,
	settings: PreparedWeightsSettings,
	options: PrepareOptions,
): Promise<string | null> {
	try {
		if (existsSync(target)) {
			const now = new Date();
			await utimes(target, now, now);
			return null;
		}
		return await make(model, target, settings, options);
	} catch (error) {
		return String(error);
	}
}
