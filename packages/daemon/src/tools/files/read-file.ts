import type { FileHandle } from "node:fs/promises";
import { StringDecoder } from "node:string_decoder";
import { z } from "zod";
import type { Tool, ToolContext, ToolOutcome } from "../tool.ts";
import { binaryMessage } from "./binary-kind.ts";
import { type Place, ToolInputError } from "./locate.ts";
import { placeTool } from "./place-tool.ts";
import type { ReadLedger } from "./read-ledger.ts";
import { readLines } from "./read-lines.ts";
import { openRegular, readStart, wholeFileBytes } from "./regular-file.ts";
import { decodeText, detectForm, type TextForm } from "./text-form.ts";

const input = z.strictObject({
	path: z.string().describe("Relative to the workspace, or absolute."),
	offset: z.int().min(1).default(1).describe("First line, from 1."),
	limit: z.int().min(1).max(10_000).default(2000).describe("Lines at most."),
});

const maxLineLength = 2000;

async function* piecesOf(handle: FileHandle, form: TextForm, signal: AbortSignal): AsyncGenerator<string> {
	if (form.encoding === "utf16be") {
		throw new ToolInputError(`Files of more than ${wholeFileBytes} bytes in UTF-16 (big endian) are not read. Use run_command.`);
	}
	const decoder = new StringDecoder(form.encoding);
	const chunk = Buffer.allocUnsafe(256 * 1024);
	for (let position = 0; ; ) {
		signal.throwIfAborted();
		const { bytesRead } = await handle.read(chunk, 0, chunk.length, position);
		if (bytesRead === 0) {
			yield decoder.end();
			return;
		}
		const text = decoder.write(chunk.subarray(0, bytesRead));
		yield position === 0 && form.byteOrderMark ? text.slice(1) : text;
		position += bytesRead;
	}
}

function numbered(lines: readonly string[], from: number): string {
	const width = String(from + lines.length - 1).length;
	return lines.map((line, index) => `${String(from + index).padStart(width)}\t${line}`).join("\n");
}

function note(from: number, shown: number, total: number | null, form: TextForm): string {
	const notes: string[] = [];
	const last = from + shown - 1;
	if (total === null || last < total) {
		const of = total === null ? "" : ` of ${total}`;
		notes.push(`Lines ${from}–${last}${of}. Read on with offset ${last + 1}.`);
	}
	if (form.encoding !== "utf8") {
		notes.push(`Stored as ${form.encoding === "latin1" ? "a one-byte encoding, shown as Latin-1" : "UTF-16"}.`);
	}
	return notes.length === 0 ? "" : `\n[${notes.join(" ")}]`;
}

async function read(
	place: Place,
	{ offset, limit }: z.infer<typeof input>,
	context: ToolContext,
	ledger: ReadLedger,
): Promise<ToolOutcome> {
	const { handle, stats } = await openRegular(place.absolute, place.shown);
	try {
		const isWhole = stats.size <= wholeFileBytes;
		const start = await readStart(handle, isWhole ? wholeFileBytes : 8192);
		const form = detectForm(start);
		if (form === null) {
			return { ok: false, output: binaryMessage(place.shown, start, stats.size) };
		}
		if (isWhole) {
			ledger.note(context.sessionId, place.absolute, start);
		}
		// Room for the note and for the numbers in front of the lines.
		const maxBytes = Math.max(200, Math.floor((context.maxOutputBytes - 300) * 0.9));
		const { lines, total } = await readLines(isWhole ? [decodeText(start, form)] : piecesOf(handle, form, context.signal), {
			from: offset,
			count: limit,
			maxBytes,
			maxLineLength: Math.min(maxLineLength, Math.floor(maxBytes / 4)),
			countAll: isWhole,
		});
		if (lines.length > 0) {
			const truncated = total === null || offset + lines.length - 1 < total;
			return { ok: true, output: numbered(lines, offset) + note(offset, lines.length, total, form), truncated };
		}
		return total === 0
			? { ok: true, output: `${place.shown} is empty.` }
			: { ok: false, output: `${place.shown} has ${total} lines; there is no line ${offset}.` };
	} finally {
		await handle.close();
	}
}

/** `read_file`. */
export function readFileTool(ledger: ReadLedger): Tool {
	return placeTool({
		name: "read_file",
		description:
			"Reads a text file. Lines come with their numbers and a tab in front, which are not part of the file. Long files come in parts: use offset and limit. Not for folders (list_dir), images or other binary files.",
		kind: "read",
		input,
		paths: ({ path }) => [path],
		title: ({ offset, limit }, [shown]) => (offset === 1 && limit === 2000 ? `Read ${shown}` : `Read ${shown} from line ${offset}`),
		run: async (args, [place], context) => read(place, args, context, ledger),
	});
}
