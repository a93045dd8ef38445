import { open } from "node:fs/promises";
import { type GgufHeader, parseGgufHeader } from "./parse-gguf-header.ts";

const firstBytes = 1024 * 1024;
/** No known model has a longer header; the largest vocabularies take about 20 MB. */
const maxBytes = 64 * 1024 * 1024;

/** The header, or why the file has none, as the end of a sentence that begins with the file. */
export type ReadGguf = { readonly ok: true; readonly header: GgufHeader } | { readonly ok: false; readonly reason: string };

/** Reads the header of a GGUF file. A file that is shorter than its tensors is refused: it was cut off. */
export async function readGgufHeader(file: string): Promise<ReadGguf> {
	const handle = await open(file, "r");
	try {
		const { size } = await handle.stat();
		for (let wanted = firstBytes; ; wanted *= 4) {
			const length = Math.min(wanted, size, maxBytes);
			const bytes = Buffer.alloc(length);
			let filled = 0;
			while (filled < length) {
				const { bytesRead } = await handle.read(bytes, filled, length - filled, filled);
				if (bytesRead === 0) {
					return { ok: false, reason: "changed while it was read" };
				}
				filled += bytesRead;
			}
			const parsed = parseGgufHeader(bytes);
			if (parsed.kind === "invalid") {
				return { ok: false, reason: `is not a GGUF model: ${parsed.reason}` };
			}
			if (parsed.kind === "incomplete") {
				if (length === size || length === maxBytes) {
					return { ok: false, reason: "was cut off, or is not a GGUF model: it ends within its header" };
				}
				continue;
			}
			const { header } = parsed;
			return size < header.leastFileBytes
				? { ok: false, reason: `was cut off: it has ${size} bytes, and its tensors need ${header.leastFileBytes}` }
				: { ok: true, header };
		}
	} finally {
		await handle.close();
	}
}
