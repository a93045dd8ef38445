import { crc32 } from "node:zlib";

/** First bytes of every file; the number is raised when the format changes. */
const magic = Buffer.from("OPTAKV1\n");
const keyBytes = 32;
const headerBytes = magic.length + keyBytes + 4;

/** What stands in front of a block's state in its file: the format, the block's name, the CRC-32 of the state. */
export function blockHeader(key: string, state: Uint8Array): Buffer {
	const header = Buffer.alloc(headerBytes);
	magic.copy(header);
	header.write(key, magic.length, "hex");
	header.writeUInt32LE(crc32(state), magic.length + keyBytes);
	return header;
}

/** The state in a block's file; null when the file is cut short, damaged, of another block or no such file at all. */
export function readBlock(key: string, file: Buffer): Uint8Array | null {
	const state = file.subarray(headerBytes);
	const isWhole = file.length > headerBytes && file.subarray(0, headerBytes).equals(blockHeader(key, state));
	return isWhole ? state : null;
}
