/** A text within its limit. */
export interface LimitedText {
	readonly text: string;
	readonly truncated: boolean;
}

/** The longest start of a text with at most so many bytes of UTF-8, never half a character. */
export function startWithin(text: string, maxBytes: number): string {
	if (maxBytes <= 0) {
		return "";
	}
	const bytes = Buffer.from(text, "utf8");
	if (bytes.length <= maxBytes) {
		return text;
	}
	let end = maxBytes;
	while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) {
		end -= 1;
	}
	return bytes.toString("utf8", 0, end);
}

/** The longest end of a text with at most so many bytes of UTF-8, never half a character. */
export function endWithin(text: string, maxBytes: number): string {
	if (maxBytes <= 0) {
		return "";
	}
	const bytes = Buffer.from(text, "utf8");
	let start = Math.max(0, bytes.length - maxBytes);
	while (start < bytes.length && ((bytes[start] ?? 0) & 0xc0) === 0x80) {
		start += 1;
	}
	return bytes.toString("utf8", start);
}

/**
 * Keeps the start and the end of a text that is longer than `maxBytes`, with a note between them that says how much was left out
 * and, by `howToGetIt`, how to read the rest. The result has at most `maxBytes` bytes of UTF-8 where the note itself fits.
 */
export function limitOutput(text: string, maxBytes: number, howToGetIt: string): LimitedText {
	const bytes = Buffer.byteLength(text, "utf8");
	if (bytes <= maxBytes) {
		return { text, truncated: false };
	}
	const note = (left: number): string => `\n[… ${left} of ${bytes} bytes left out here. ${howToGetIt}]\n`;
	const room = Math.max(0, maxBytes - Buffer.byteLength(note(bytes), "utf8"));
	const head = startWithin(text, Math.ceil(room * 0.7));
	const tail = endWithin(text, room - Buffer.byteLength(head, "utf8"));
	const left = bytes - Buffer.byteLength(head, "utf8") - Buffer.byteLength(tail, "utf8");
	return { text: `${head}${note(left)}${tail}`, truncated: true };
}
