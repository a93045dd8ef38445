import { lineEndOf } from "../edit/plain-lines.ts";
import { type Hunk, PatchError } from "./file-patch.ts";

interface FileLines {
	/** Without `\n`; a `\r` before it stays. */
	readonly lines: readonly string[];
	readonly finalLineEnd: boolean;
}

function toLines(text: string): FileLines {
	if (text === "") {
		return { lines: [], finalLineEnd: true };
	}
	const finalLineEnd = text.endsWith("\n");
	return { lines: (finalLineEnd ? text.slice(0, -1) : text).split("\n"), finalLineEnd };
}

const comparisons: readonly ((line: string) => string)[] = [(line) => line.replace(/\r$/, ""), (line) => line.trimEnd()];

/** Every place from `from` on where these lines stand. */
function placesOf(file: readonly string[], wanted: readonly string[], from: number, plain: (line: string) => string): number[] {
	const places: number[] = [];
	const wantedPlain = wanted.map(plain);
	for (let at = from; at + wanted.length <= file.length; at += 1) {
		if (wantedPlain.every((line, index) => plain(file[at + index] ?? "") === line)) {
			places.push(at);
		}
	}
	return places;
}

function afterAnchors(file: readonly string[], hunk: Hunk, from: number, where: string): number {
	let at = from;
	for (const anchor of hunk.anchors) {
		const found = file.findIndex((line, index) => index >= at && line.trim() === anchor.trim());
		if (found < 0) {
			throw new PatchError(`${where}: there is no line ${JSON.stringify(anchor)} after line ${at}. Read the file again.`);
		}
		at = found + 1;
	}
	return at;
}

function placeOf(file: readonly string[], hunk: Hunk, from: number, where: string): number {
	const wanted = hunk.lines.filter((line) => line.kind !== "add").map((line) => line.text);
	const start = afterAnchors(file, hunk, from, where);
	if (wanted.length === 0) {
		if (hunk.line !== undefined) {
			return Math.min(Math.max(hunk.line, start), file.length);
		}
		return hunk.anchors.length > 0 ? start : file.length;
	}
	for (const plain of comparisons) {
		// An anchor may itself be the first line of the hunk.
		const places = placesOf(file, wanted, hunk.anchors.length > 0 ? start - 1 : start, plain);
		const [first] = places;
		if (hunk.atEnd && places.at(-1) === file.length - wanted.length) {
			return file.length - wanted.length;
		}
		if (first !== undefined && hunk.line !== undefined) {
			const hint = hunk.line - 1;
			return places.reduce((best, place) => (Math.abs(place - hint) < Math.abs(best - hint) ? place : best), first);
		}
		if (first !== undefined && (places.length === 1 || hunk.anchors.length > 0)) {
			return first;
		}
		if (places.length > 1) {
			const lines = places.slice(0, 10).map((place) => place + 1);
			throw new PatchError(
				`${where}: its lines stand in the file ${places.length} times (from lines ${lines.join(", ")}). Give more lines around the change, or "@@" with a line before it.`,
			);
		}
	}
	throw new PatchError(
		`${where}: these lines are not in the file after line ${start}. Read the file again and copy them exactly:\n${wanted.slice(0, 8).join("\n")}`,
	);
}

/** The text that hunks make of a text, in the file's own line ends. Throws `PatchError` where one does not fit; all or nothing. */
export function applyHunks(original: string, hunks: readonly Hunk[], shown: string): string {
	const file = toLines(original);
	const carriageReturn = lineEndOf(original) === "\r\n" ? "\r" : "";
	const result: string[] = [];
	let { finalLineEnd } = file;
	let from = 0;
	for (const [index, hunk] of hunks.entries()) {
		const place = placeOf(file.lines, hunk, from, `${shown}, hunk ${index + 1} of ${hunks.length}`);
		result.push(...file.lines.slice(from, place));
		let at = place;
		for (const line of hunk.lines) {
			if (line.kind === "add") {
				result.push(line.text + carriageReturn);
				continue;
			}
			if (line.kind === "keep") {
				result.push(file.lines[at] ?? "");
			}
			at += 1;
		}
		from = at;
		if (hunk.finalLineEnd !== null && at === file.lines.length) {
			finalLineEnd = hunk.finalLineEnd;
		}
	}
	result.push(...file.lines.slice(from));
	if (result.length === 0) {
		return "";
	}
	const text = result.join("\n");
	return finalLineEnd ? `${text}\n` : text.replace(/\r$/, "");
}
