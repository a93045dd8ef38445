import type { FileHandle } from "node:fs/promises";

const chunkBytes = 256 * 1024;
const lineFeed = 10;

/** A line without its end, and where in the file the next one begins. */
export interface FileLine {
	readonly text: string;
	readonly endBytes: number;
	/** False for a last line that has no end: it was torn off while being written. */
	readonly whole: boolean;
}

/** Lines of a file from a byte on, split at line feeds only (JSON text has U+2028 unescaped). One chunk is in memory at a time. */
export async function* readLines(file: Pick<FileHandle, "read">, fromBytes: number, toBytes: number): AsyncGenerator<FileLine> {
	const parts: Buffer[] = [];
	let position = fromBytes;
	while (position < toBytes) {
		const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, toBytes - position));
		const { bytesRead } = await file.read(chunk, 0, chunk.length, position);
		if (bytesRead === 0) {
			break;
		}
		const read = chunk.subarray(0, bytesRead);
		let from = 0;
		for (let end = read.indexOf(lineFeed); end !== -1; end = read.indexOf(lineFeed, from)) {
			parts.push(read.subarray(from, end));
			yield { text: Buffer.concat(parts.splice(0)).toString("utf8"), endBytes: position + end + 1, whole: true };
			from = end + 1;
		}
		parts.push(read.subarray(from));
		position += bytesRead;
	}
	const rest = Buffer.concat(parts);
	if (rest.length > 0) {
		yield { text: rest.toString("utf8"), endBytes: position, whole: false };
	}
}
