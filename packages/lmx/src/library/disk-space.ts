import { statfs } from "node:fs/promises";
import type { AnswerError } from "../serving/backend.ts";

/** Left free for everything else on the disk. */
const reserveBytes = 512 * 1024 * 1024;

function gigabytes(bytes: number): string {
	return `${(bytes / 1e9).toFixed(bytes < 1e8 ? 3 : 1)} GB`;
}

/** Null when `bytes` more fit into the folder's disk with some room to spare, else why not, with the numbers. */
export async function explainMissingSpace(folder: string, bytes: number): Promise<AnswerError | null> {
	const { bavail, bsize } = await statfs(folder);
	const availableBytes = bavail * bsize;
	if (bytes + reserveBytes <= availableBytes) {
		return null;
	}
	return {
		code: "unavailable",
		message: `This needs ${gigabytes(bytes)} and ${gigabytes(reserveBytes)} to spare, but ${gigabytes(availableBytes)} are free in ${folder}. Make room, or delete a model.`,
		details: { requiredBytes: bytes + reserveBytes, availableBytes },
	};
}
