import { type FilePatch, type Hunk, type HunkLine, hunkLine, PatchError } from "./file-patch.ts";

const hunkHeader = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;
const noLineEnd = /^\\ /;

interface OpenFile {
	oldPath: string | null;
	newPath: string | null;
	readonly hunks: Hunk[];
	executable: boolean | null;
	renameFrom?: string;
	renameTo?: string;
	deleted: boolean;
	created: boolean;
}

function startsFile(lines: readonly string[], at: number): boolean {
	const line = lines[at] ?? "";
	if (line.startsWith("diff --git ") || line.startsWith("Index: ")) {
		return true;
	}
	const next = lines[at + 1] ?? "";
	return line.startsWith("--- ") && next.startsWith("+++ ") && (lines[at + 2] === undefined || (lines[at + 2] ?? "").startsWith("@@"));
}

function endsHunk(lines: readonly string[], at: number): boolean {
	return at >= lines.length || (lines[at] ?? "").startsWith("@@ ") || startsFile(lines, at);
}

/** Where a hunk ends by the numbers in its header; null where these are wrong, as they often are when a model wrote them. */
function endByCounts(lines: readonly string[], from: number, oldCount: number, newCount: number): number | null {
	let oldLeft = oldCount;
	let newLeft = newCount;
	let at = from;
	while (at < lines.length && (oldLeft > 0 || newLeft > 0 || noLineEnd.test(lines[at] ?? ""))) {
		const raw = lines[at] ?? "";
		const line = noLineEnd.test(raw) ? undefined : hunkLine(raw);
		if (line === null) {
			return null;
		}
		oldLeft -= line !== undefined && line.kind !== "add" ? 1 : 0;
		newLeft -= line !== undefined && line.kind !== "remove" ? 1 : 0;
		at += 1;
	}
	const rest = lines.slice(at).findIndex((line) => line !== "");
	return oldLeft === 0 && newLeft === 0 && (rest < 0 || endsHunk(lines, at + rest)) ? at : null;
}

function readHunk(lines: readonly string[], from: number, header: RegExpExecArray | null): { readonly hunk: Hunk; readonly next: number } {
	let end = header === null ? null : endByCounts(lines, from, Number(header[2] ?? 1), Number(header[4] ?? 1));
	if (end === null) {
		end = from;
		while (!endsHunk(lines, end)) {
			end += 1;
		}
		while (end > from && lines[end - 1] === "") {
			end -= 1;
		}
	}
	const read: HunkLine[] = [];
	let oldEnds = true;
	let newEnds = true;
	for (const raw of lines.slice(from, end)) {
		if (noLineEnd.test(raw)) {
			oldEnds = read.at(-1)?.kind === "add" && oldEnds;
			newEnds = read.at(-1)?.kind === "remove" && newEnds;
			continue;
		}
		const line = hunkLine(raw);
		if (line === null) {
			throw new PatchError(`The line ${JSON.stringify(raw)} of a hunk starts with none of " ", "-" and "+".`);
		}
		read.push(line);
	}
	const line = header === null ? {} : { line: Number(header[1]) };
	return { hunk: { ...line, anchors: [], lines: read, atEnd: false, finalLineEnd: oldEnds === newEnds ? null : newEnds }, next: end };
}

function pathIn(raw: string): string | null {
	const path = raw.replace(/\t.*$/, "").trim();
	if (path.startsWith('"')) {
		throw new PatchError(`${path}: paths in quotes are not read. Use edit_file for this file.`);
	}
	return path === "/dev/null" ? null : path;
}

/** `a/x` and `b/x` are both `x`, as Git writes them. */
function plainPaths(oldPath: string | null, newPath: string | null): { readonly from: string | null; readonly to: string | null } {
	const marked = (path: string | null, mark: string): boolean => path === null || path.startsWith(mark);
	if (marked(oldPath, "a/") && marked(newPath, "b/")) {
		return { from: oldPath?.slice(2) ?? null, to: newPath?.slice(2) ?? null };
	}
	return { from: oldPath, to: newPath };
}

function finish(file: OpenFile): FilePatch {
	const { from, to } = plainPaths(file.oldPath, file.newPath);
	const source = file.renameFrom ?? from;
	const target = file.renameTo ?? to;
	if ((source === null || file.created) && target !== null) {
		const lines = file.hunks.flatMap((hunk) => hunk.lines);
		if (lines.some((line) => line.kind !== "add")) {
			throw new PatchError(`${target}: a new file has only lines that start with "+".`);
		}
		const text = lines.map((line) => line.text).join("\n");
		const lineEnd = lines.length > 0 && file.hunks.at(-1)?.finalLineEnd !== false ? "\n" : "";
		return { kind: "add", path: target, text: text + lineEnd, executable: file.executable === true };
	}
	if (source === null) {
		throw new PatchError("A file of the patch has no name.");
	}
	if (target === null || file.deleted) {
		return { kind: "delete", path: source };
	}
	return {
		kind: "update",
		path: source,
		hunks: file.hunks,
		executable: file.executable,
		...(target === source ? {} : { moveTo: target }),
	};
}

/** Reads one line of what Git writes before the hunks. False where it says nothing about the file. */
function readHeader(file: OpenFile, line: string): void {
	const names = /^diff --git (a\/\S+) (b\/\S+)$/.exec(line);
	if (names !== null) {
		file.oldPath = names[1] ?? null;
		file.newPath = names[2] ?? null;
	} else if (line.startsWith("--- ")) {
		file.oldPath = pathIn(line.slice(4));
	} else if (line.startsWith("+++ ")) {
		file.newPath = pathIn(line.slice(4));
	} else if (line.startsWith("rename from ")) {
		file.renameFrom = line.slice("rename from ".length);
	} else if (line.startsWith("rename to ")) {
		file.renameTo = line.slice("rename to ".length);
	} else if (/^(?:new|deleted) file mode |^new mode /.test(line)) {
		const mode = line.slice(-6);
		if (mode !== "100644" && mode !== "100755") {
			throw new PatchError(`"${line}": only ordinary files can be patched.`);
		}
		file.created ||= line.startsWith("new file");
		file.deleted ||= line.startsWith("deleted");
		file.executable = mode === "100755";
	} else if (line.startsWith("GIT binary patch") || line.startsWith("Binary files ")) {
		throw new PatchError("Binary patches are not read.");
	}
}

/** Reads a unified diff, Git's included. Wrong line numbers and counts do no harm. `lines` are those of the patch. Throws `PatchError`. */
export function parseUnifiedDiff(lines: readonly string[]): FilePatch[] {
	const patches: FilePatch[] = [];
	let file: OpenFile | undefined;
	let at = 0;
	while (at < lines.length) {
		const line = lines[at] ?? "";
		const gitHeader = file !== undefined && file.hunks.length === 0 && line.startsWith("--- ");
		if (startsFile(lines, at) && !gitHeader) {
			if (file !== undefined) {
				patches.push(finish(file));
			}
			file = { oldPath: null, newPath: null, hunks: [], executable: null, deleted: false, created: false };
		}
		if (file !== undefined && line.startsWith("@@")) {
			const { hunk, next } = readHunk(lines, at + 1, hunkHeader.exec(line));
			file.hunks.push(hunk);
			at = next;
			continue;
		}
		if (file !== undefined) {
			readHeader(file, line);
		}
		at += 1;
	}
	if (file !== undefined) {
		patches.push(finish(file));
	}
	return patches;
}
