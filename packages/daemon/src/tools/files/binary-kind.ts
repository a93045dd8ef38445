const signatures: readonly (readonly [kind: string, bytes: readonly number[], at?: number])[] = [
	["a PNG image", [0x89, 0x50, 0x4e, 0x47]],
	["a JPEG image", [0xff, 0xd8, 0xff]],
	["a GIF image", [0x47, 0x49, 0x46, 0x38]],
	["a WebP image", [0x57, 0x45, 0x42, 0x50], 8],
	["a BMP image", [0x42, 0x4d]],
	["a PDF document", [0x25, 0x50, 0x44, 0x46, 0x2d]],
	["a ZIP archive or an office document", [0x50, 0x4b, 0x03, 0x04]],
	["a gzip archive", [0x1f, 0x8b]],
	["a program (ELF)", [0x7f, 0x45, 0x4c, 0x46]],
	["an SQLite database", [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65, 0x20, 0x66]],
];

/** What a file that is no text seems to be, by its first bytes. */
export function binaryKind(bytes: Uint8Array): string {
	const found = signatures.find(([, signature, at = 0]) => signature.every((byte, index) => bytes[at + index] === byte));
	return found?.[0] ?? "a binary file";
}

/** Why the model cannot see it, and what it can do. */
export function binaryMessage(shown: string, bytes: Uint8Array, size: number): string {
	const kind = binaryKind(bytes);
	if (kind.endsWith("image")) {
		return `${shown} is ${kind} of ${size} bytes. Tools answer with text only, so you cannot see it: ask the user what it shows, or use run_command with a program that describes it.`;
	}
	return `${shown} is ${kind} of ${size} bytes, not text. Use run_command with a program that reads it.`;
}
