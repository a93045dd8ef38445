import { readFile } from "node:fs/promises";
import { z } from "zod";
import { replaceFile } from "../library/replace-file.ts";

const recordSchema = z.object({
	version: z.literal(1),
	url: z.string(),
	/** Size of the whole file. */
	bytes: z.int().min(0),
	/** Strong validator for `If-Range` (RFC 9110 §13.1.5); null where the server gave none. */
	validator: z.string().nullable(),
	segmentBytes: z.int().positive(),
	/** Bytes that are on disk of each segment, from its start. */
	done: z.array(z.int().min(0)),
});

/** What is known of a file that is partly here. It stands beside it, so that a download goes on after a crash. */
export type PartRecord = z.infer<typeof recordSchema>;

/** Bytes of one segment. */
export function segmentLength({ bytes, segmentBytes }: Pick<PartRecord, "bytes" | "segmentBytes">, index: number): number {
	return Math.min(segmentBytes, bytes - index * segmentBytes);
}

/** A record of a file of which nothing is here yet. */
export function newRecord(url: string, bytes: number, validator: string | null, segmentBytes: number): PartRecord {
	const segments = Math.ceil(bytes / segmentBytes);
	return { version: 1, url, bytes, validator, segmentBytes, done: Array.from({ length: segments }, () => 0) };
}

/** Reads the record; null where there is none, or it is of another file or damaged: the file is then fetched from the start. */
export async function readRecord(file: string, url: string, bytes: number | null): Promise<PartRecord | null> {
	let text: string;
	try {
		text = await readFile(file, "utf8");
	} catch {
		return null;
	}
	let json: unknown;
	try {
		json = JSON.parse(text);
	} catch {
		return null;
	}
	const parsed = recordSchema.safeParse(json);
	if (!parsed.success) {
		return null;
	}
	const record = parsed.data;
	const isSound =
		record.url === url &&
		(bytes === null || record.bytes === bytes) &&
		record.done.length === Math.ceil(record.bytes / record.segmentBytes) &&
		record.done.every((done, index) => done <= segmentLength(record, index));
	return isSound ? record : null;
}

/** Writes the record. The data that it speaks of must be on disk before. */
export function writeRecord(file: string, record: PartRecord): Promise<void> {
	return replaceFile(file, JSON.stringify(record));
}
