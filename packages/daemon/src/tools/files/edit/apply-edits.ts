import { nearestLines } from "./nearest-lines.ts";
import { lineEndOf, plainLines, withLineEnd } from "./plain-lines.ts";

/** One replacement: `oldText` must be in the file exactly once, or anywhere with `everywhere`. */
export interface TextEdit {
	readonly oldText: string;
	readonly newText: string;
	readonly everywhere: boolean;
}

/** The text with all edits, or why it cannot be had, for the model. */
export type EditResult =
	| { readonly ok: true; readonly text: string; readonly replaced: number }
	| { readonly ok: false; readonly message: string };

const maxShownBytes = 1500;

function lineAt(text: string, offset: number): number {
	let line = 1;
	for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) {
		line += 1;
	}
	return line;
}

function notFound(plain: string, oldText: string): string {
	const near = nearestLines(plain, oldText, 3);
	if (near.length === 0) {
		return "The text to replace is not in the file, and nothing in it looks like it. Read the file again and copy the text exactly.";
	}
	const shown = near.map(
		({ firstLine, lastLine, text }) =>
			`Lines ${firstLine}–${lastLine}:\n${text.length > maxShownBytes ? `${text.slice(0, maxShownBytes)}…` : text}`,
	);
	return `The text to replace is not in the file (it must match exactly, white space included). What looks most like it:\n\n${shown.join("\n\n")}`;
}

function applyOne(original: string, edit: TextEdit): EditResult {
	const plain = plainLines(original);
	const oldText = edit.oldText.replaceAll("\r\n", "\n");
	if (oldText === "") {
		return { ok: false, message: "The text to replace is empty. Use write_file to give a file its whole content." };
	}
	if (oldText === edit.newText.replaceAll("\r\n", "\n")) {
		return { ok: false, message: "The new text is the same as the old one: there is nothing to change." };
	}
	const places: number[] = [];
	for (let at = plain.text.indexOf(oldText); at >= 0; at = plain.text.indexOf(oldText, at + oldText.length)) {
		places.push(at);
	}
	if (places.length === 0) {
		return { ok: false, message: notFound(plain.text, oldText) };
	}
	if (places.length > 1 && !edit.everywhere) {
		const lines = places.slice(0, 10).map((place) => lineAt(plain.text, place));
		const more = places.length > 10 ? ", …" : "";
		return {
			ok: false,
			message: `The text to replace is in the file ${places.length} times (from lines ${lines.join(", ")}${more}). Give more of the text around the right one, or set replace_all.`,
		};
	}
	const newText = withLineEnd(edit.newText, lineEndOf(original));
	let result = "";
	let copiedTo = 0;
	for (const place of places) {
		result += original.slice(copiedTo, plain.originalOffset(place)) + newText;
		copiedTo = plain.originalOffset(place + oldText.length);
	}
	return { ok: true, text: result + original.slice(copiedTo), replaced: places.length };
}

/** Applies edits one after the other, each to what the former left. All or nothing. Line ends of the file are kept. */
export function applyEdits(original: string, edits: readonly TextEdit[]): EditResult {
	let text = original;
	let replaced = 0;
	for (const [index, edit] of edits.entries()) {
		const result = applyOne(text, edit);
		if (!result.ok) {
			return edits.length === 1
				? result
				: { ok: false, message: `Edit ${index + 1} of ${edits.length}: ${result.message} No edit was applied.` };
		}
		text = result.text;
		replaced += result.replaced;
	}
	return { ok: true, text, replaced };
}
