import { isUtf8 } from "node:buffer";

/** How text is stored in a file. `latin1` stands for every one-byte encoding: its bytes are kept as they are. */
export interface TextForm {
	readonly encoding: "utf8" | "utf16le" | "utf16be" | "latin1";
	readonly byteOrderMark: boolean;
}

const sniffedBytes = 8192;

/** How a file's text is stored, by its first bytes; null where it is not text. */
export function detectForm(bytes: Buffer): TextForm | null {
	if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
		return { encoding: "utf8", byteOrderMark: true };
	}
	if (bytes[0] === 0xff && bytes[1] === 0xfe && bytes.length % 2 === 0) {
		return { encoding: "utf16le", byteOrderMark: true };
	}
	if (bytes[0] === 0xfe && bytes[1] === 0xff && bytes.length % 2 === 0) {
		return { encoding: "utf16be", byteOrderMark: true };
	}
	if (bytes.subarray(0, sniffedBytes).includes(0)) {
		return null;
	}
	return { encoding: isUtf8(bytes) ? "utf8" : "latin1", byteOrderMark: false };
}

/** The text of a file without its byte order mark. */
export function decodeText(bytes: Buffer, form: TextForm): string {
	if (form.encoding === "utf8") {
		return bytes.toString("utf8", form.byteOrderMark ? 3 : 0);
	}
	if (form.encoding === "latin1") {
		return bytes.toString("latin1");
	}
	const body = bytes.subarray(form.byteOrderMark ? 2 : 0);
	return form.encoding === "utf16le" ? body.toString("utf16le") : Buffer.from(body).swap16().toString("utf16le");
}

/** The bytes of a text in that form; null where the form has no room for one of its characters. */
export function encodeText(text: string, form: TextForm): Buffer | null {
	if (form.encoding === "utf8") {
		return Buffer.from(form.byteOrderMark ? `\uFEFF${text}` : text, "utf8");
	}
	if (form.encoding === "latin1") {
		const bytes = Buffer.from(text, "latin1");
		return bytes.toString("latin1") === text ? bytes : null;
	}
	const bytes = Buffer.from(form.byteOrderMark ? `\uFEFF${text}` : text, "utf16le");
	return form.encoding === "utf16le" ? bytes : bytes.swap16();
}
