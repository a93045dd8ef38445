import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { quarantineFolder } from "../library/folder-library.ts";
import { DownloadFailure } from "./download-failure.ts";
import type { DownloadPlan } from "./download-plan.ts";

type PlannedFile = DownloadPlan["files"][number];

/** What arrived. */
export interface ArrivedFile {
	readonly bytes: number;
	readonly sha256: string;
	/** SHA-1 of the git blob object with this content. */
	readonly gitSha1: string;
}

/** Reads a file from disk once and computes what it is known by. */
export async function measureFile(
	file: string,
	bytes: number,
	onBytes: (bytes: number) => void,
	signal: AbortSignal,
): Promise<ArrivedFile> {
	const sha256 = createHash("sha256");
	const gitSha1 = createHash("sha1").update(`blob ${bytes}\0`);
	let read = 0;
	for await (const piece of createReadStream(file, { highWaterMark: 1 << 20, signal })) {
		sha256.update(piece);
		// Large files are known by their SHA-256; the other sum would only cost time.
		if (bytes < 64 * 1024 * 1024) {
			gitSha1.update(piece);
		}
		read += piece.length;
		onBytes(read);
	}
	return { bytes: read, sha256: sha256.digest("hex"), gitSha1: gitSha1.digest("hex") };
}

/** Moves a file that is not what it should be to where nobody loads it, with a note why, and throws the failure to report. */
async function quarantine(part: string, { name, url }: PlannedFile, modelDir: string, expected: string, actual: string): Promise<never> {
	const folder = quarantineFolder(modelDir);
	await mkdir(folder, { recursive: true });
	const kept = path.join(folder, `${new Date().toISOString().replaceAll(/[:.]/g, "-")}-${path.basename(name)}`);
	await rename(part, kept);
	await writeFile(`${kept}.json`, `${JSON.stringify({ url, expected, actual }, null, "\t")}\n`);
	throw new DownloadFailure(
		"conflict",
		`${name} is not the file that was published: its checksum is ${actual} instead of ${expected}. It was moved to ${kept} and will not be loaded. Resume to fetch it again.`,
		{ file: name, expected, actual, quarantinedTo: kept },
	);
}

/** Compares what arrived with what was published; true when there was something to compare with. A mismatch is quarantined and thrown. */
export async function checkArrived(part: string, planned: PlannedFile, arrived: ArrivedFile, modelDir: string): Promise<boolean> {
	const { sha256, gitSha1 } = planned;
	if (sha256 !== null && sha256 !== arrived.sha256) {
		return quarantine(part, planned, modelDir, sha256, arrived.sha256);
	}
	if (sha256 === null && gitSha1 !== null && gitSha1 !== arrived.gitSha1) {
		return quarantine(part, planned, modelDir, gitSha1, arrived.gitSha1);
	}
	return sha256 !== null || gitSha1 !== null;
}
