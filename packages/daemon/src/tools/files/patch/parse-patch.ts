import { type FilePatch, PatchError } from "./file-patch.ts";
import { parseBeginPatch } from "./parse-begin-patch.ts";
import { parseUnifiedDiff } from "./parse-unified-diff.ts";

/** Reads a patch of either format: a unified diff or `*** Begin Patch`. Throws `PatchError` with what is wrong. */
export function parsePatch(text: string): FilePatch[] {
	const lines = text.replaceAll("\r\n", "\n").replace(/\n$/, "").split("\n");
	const begin = lines.findIndex((line) => line.trim() === "*** Begin Patch");
	const patches = begin >= 0 ? parseBeginPatch(lines.slice(begin)) : parseUnifiedDiff(lines);
	if (patches.length === 0) {
		throw new PatchError('There is no file in this patch. Write a unified diff ("--- a/x", "+++ b/x", "@@") or "*** Begin Patch".');
	}
	const seen = new Set<string>();
	for (const patch of patches) {
		const paths = patch.kind === "update" && patch.moveTo !== undefined ? [patch.path, patch.moveTo] : [patch.path];
		for (const path of paths) {
			if (path === "") {
				throw new PatchError("A file of the patch has no name.");
			}
			if (seen.has(path)) {
				throw new PatchError(`${path} is in the patch twice. Put all its hunks under one header.`);
			}
			seen.add(path);
		}
	}
	return patches;
}
