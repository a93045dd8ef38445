import { createHash } from "node:crypto";
import { createReadStream, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import type { ModelSource } from "./resolve-model.ts";

const seenSchema = z.record(z.string(), z.object({ bytes: z.number(), modifiedAtMs: z.number(), sha256: z.string() }));

type Seen = z.infer<typeof seenSchema>;

function readSeen(file: string): Seen {
	try {
		return seenSchema.parse(JSON.parse(readFileSync(file, "utf8")));
	} catch {
		return {};
	}
}

function writeSeen(file: string, seen: Seen): void {
	mkdirSync(path.dirname(file), { recursive: true });
	const next = `${file}.${process.pid}`;
	writeFileSync(next, `${JSON.stringify(seen, null, "\t")}\n`);
	renameSync(next, file);
}

async function digestOf(file: string): Promise<string> {
	const hash = createHash("sha256");
	await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
	return hash.digest("hex");
}

/**
 * Compares a model file with its published SHA-256. A file is read once; later starts look only at its size
 * and time. Null when all is well or nothing was published, else one line that says what to do.
 */
export async function verifyDigest(model: ModelSource, seenFile: string): Promise<string | null> {
	if (model.sha256 === null) {
		return null;
	}
	const known = { bytes: model.fileBytes, modifiedAtMs: model.modifiedAt.getTime() };
	const seen = readSeen(seenFile);
	const before = seen[model.file];
	const isKnown = before?.bytes === known.bytes && before.modifiedAtMs === known.modifiedAtMs;
	const sha256 = isKnown ? before.sha256 : await digestOf(model.file);
	if (!isKnown) {
		writeSeen(seenFile, { ...seen, [model.file]: { ...known, sha256 } });
	}
	return sha256 === model.sha256
		? null
		: `The model file ${model.file} is damaged: its SHA-256 is ${sha256} instead of ${model.sha256}. Get it again.`;
}
