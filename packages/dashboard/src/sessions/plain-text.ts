// C0 but tab and newline, DEL, C1, and the marks that reorder text (Unicode TR 9) or hide in it.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is made visible.
const hidden = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/g;

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences of terminals (ECMA-48 §5.4, §8.3.89).
const escapes = /\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\))/g;

/**
 * Text of a tool or a model as a person may read it before they decide: colours of a terminal are left out, and what would
 * hide or reorder the rest stands there as its number.
 */
export function plainText(text: string): string {
	return text
		.replace(escapes, "")
		.replaceAll("\r\n", "\n")
		.replace(hidden, (mark) => `‹U+${mark.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}›`);
}
