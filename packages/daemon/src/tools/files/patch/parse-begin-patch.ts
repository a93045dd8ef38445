import { type FilePatch, type Hunk, type HunkLine, hunkLine, PatchError } from "./file-patch.ts";

const addFile = "*** Add File: ";
const deleteFile = "*** Delete File: ";
const updateFile = "*** Update File: ";
const moveTo = "*** Move to: ";
const endOfFile = "*** End of File";
const endPatch = "*** End Patch";

interface OpenHunk {
	readonly anchors: string[];
	readonly lines: HunkLine[];
	atEnd: boolean;
}

function readHunks(body: readonly string[], path: string): Hunk[] {
	const hunks: OpenHunk[] = [];
	let open: OpenHunk | undefined;
	for (const raw of body) {
		if (raw.startsWith("@@")) {
			const anchor = raw.replace(/^@@ ?/, "").replace(/ ?@@$/, "");
			if (open === undefined || open.lines.length > 0) {
				open = { anchors: [], lines: [], atEnd: false };
				hunks.push(open);
			}
			if (anchor.trim() !== "") {
				open.anchors.push(anchor);
			}
			continue;
		}
		if (open === undefined) {
			open = { anchors: [], lines: [], atEnd: false };
			hunks.push(open);
		}
		if (raw === endOfFile) {
			open.atEnd = true;
			continue;
		}
		const line = hunkLine(raw);
		if (line === null) {
			throw new PatchError(`${path}: the line ${JSON.stringify(raw)} starts with none of " ", "-", "+" and "@@".`);
		}
		open.lines.push(line);
	}
	return hunks.map((hunk) => ({ ...hunk, finalLineEnd: null }));
}

function readAdded(body: readonly string[], path: string): string {
	const lines = body.map((raw) => {
		if (!raw.startsWith("+")) {
			throw new PatchError(`${path}: every line of an added file starts with "+", but this does not: ${JSON.stringify(raw)}.`);
		}
		return `${raw.slice(1)}\n`;
	});
	return lines.join("");
}

/** Reads the `*** Begin Patch` format. `lines` are those of the patch, without line ends. Throws `PatchError`. */
export function parseBeginPatch(lines: readonly string[]): FilePatch[] {
	const patches: FilePatch[] = [];
	let at = 1;
	while (at < lines.length && lines[at] !== endPatch) {
		const header = lines[at] ?? "";
		at += 1;
		if (header.trim() === "") {
			continue;
		}
		const from = at;
		while (at < lines.length && (lines[at] === endOfFile || lines[at]?.startsWith(moveTo) || !lines[at]?.startsWith("*** "))) {
			at += 1;
		}
		const body = lines.slice(from, at);
		if (header.startsWith(addFile)) {
			const path = header.slice(addFile.length).trim();
			patches.push({ kind: "add", path, text: readAdded(body, path), executable: false });
		} else if (header.startsWith(deleteFile)) {
			patches.push({ kind: "delete", path: header.slice(deleteFile.length).trim() });
		} else if (header.startsWith(updateFile)) {
			const path = header.slice(updateFile.length).trim();
			const moved = body[0]?.startsWith(moveTo) ? body[0].slice(moveTo.length).trim() : undefined;
			const hunks = readHunks(moved === undefined ? body : body.slice(1), path);
			patches.push({ kind: "update", path, hunks, executable: null, ...(moved === undefined ? {} : { moveTo: moved }) });
		} else {
			throw new PatchError(`The line ${JSON.stringify(header)} is none of "*** Add File:", "*** Update File:", "*** Delete File:".`);
		}
	}
	if (at >= lines.length) {
		throw new PatchError(`The patch ends without "${endPatch}": it may be cut off, so nothing was changed.`);
	}
	return patches;
}
