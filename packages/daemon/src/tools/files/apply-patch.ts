import { z } from "zod";
import type { Tool } from "../tool.ts";
import { changeTool, readTextFile, textChange } from "./change/change-tool.ts";
import type { ChangeParts } from "./change/commit-changes.ts";
import type { FileChange } from "./change/file-change.ts";
import { type Place, ToolInputError } from "./locate.ts";
import { applyHunks } from "./patch/apply-hunks.ts";
import { type FilePatch, PatchError } from "./patch/file-patch.ts";
import { parsePatch } from "./patch/parse-patch.ts";
import { readWhole } from "./regular-file.ts";

const input = z.strictObject({
	patch: z.string().max(2_000_000).describe('A unified diff ("--- a/x", "+++ b/x", "@@") or "*** Begin Patch" … "*** End Patch".'),
});

/** Reads the patch; what is wrong with it goes to the model. */
function filesOf(patch: string): FilePatch[] {
	try {
		return parsePatch(patch);
	} catch (error) {
		throw error instanceof PatchError ? new ToolInputError(error.message) : error;
	}
}

function pathsOf(files: readonly FilePatch[]): readonly [string, ...string[]] {
	const [first, ...others] = files.flatMap((file) =>
		file.kind === "update" && file.moveTo !== undefined ? [file.path, file.moveTo] : [file.path],
	);
	if (first === undefined) {
		throw new ToolInputError("There is no file in this patch.");
	}
	return [first, ...others];
}

/** The place of the next path of the patch. */
function take(places: Iterator<Place>): Place {
	const next = places.next();
	if (next.done === true) {
		throw new Error("a patch has more paths than places");
	}
	return next.value;
}

async function assertFree(place: Place): Promise<void> {
	if ((await readWhole(place.absolute, place.shown)) !== null) {
		throw new ToolInputError(`${place.shown} exists already, so the patch cannot create it. Change it with an update.`);
	}
}

function executableMode(mode: number | undefined, executable: boolean | null): { readonly mode?: number } {
	if (executable === null) {
		return mode === undefined ? {} : { mode };
	}
	const base = mode ?? 0o644;
	return { mode: executable ? base | 0o111 : base & ~0o111 };
}

async function planUpdate(file: FilePatch & { kind: "update" }, place: Place, target: Place | undefined): Promise<FileChange[]> {
	const before = await readTextFile(place);
	if (before === null) {
		throw new ToolInputError(`${place.shown} does not exist, so it cannot be patched.`);
	}
	let text: string;
	try {
		text = applyHunks(before.text, file.hunks, place.shown);
	} catch (error) {
		throw error instanceof PatchError ? new ToolInputError(error.message) : error;
	}
	const change = { ...textChange(place, before, text), ...executableMode(before.mode, file.executable) };
	if (target === undefined) {
		return [change];
	}
	await assertFree(target);
	return [
		{ place: target, before: null, after: change.after, ...(change.mode === undefined ? {} : { mode: change.mode }) },
		{ place, before: before.bytes, after: null },
	];
}

async function planFile(file: FilePatch, places: Iterator<Place>): Promise<FileChange[]> {
	const place = take(places);
	if (file.kind === "update") {
		return planUpdate(file, place, file.moveTo === undefined ? undefined : take(places));
	}
	if (file.kind === "add") {
		await assertFree(place);
		return [{ place, before: null, after: Buffer.from(file.text), ...executableMode(undefined, file.executable ? true : null) }];
	}
	const before = await readWhole(place.absolute, place.shown);
	if (before === null) {
		throw new ToolInputError(`${place.shown} does not exist, so it cannot be deleted.`);
	}
	return [{ place, before: before.bytes, after: null, mode: before.mode }];
}

async function plan({ patch }: z.infer<typeof input>, places: readonly Place[]): Promise<readonly FileChange[]> {
	const names = new Set(places.map((place) => place.absolute));
	if (names.size < places.length) {
		throw new ToolInputError("Two files of the patch are the same file. Put all its hunks under one header.");
	}
	const next = places.values();
	const changes: FileChange[] = [];
	for (const file of filesOf(patch)) {
		changes.push(...(await planFile(file, next)));
	}
	return changes;
}

function say(changes: readonly FileChange[]): string {
	const lines = changes.map(({ place, before, after }) => {
		if (after === null) {
			return `Deleted ${place.shown}`;
		}
		return before === null ? `Created ${place.shown}` : `Changed ${place.shown}`;
	});
	return lines.join("\n");
}

/** `apply_patch`. */
export function applyPatchTool(parts: ChangeParts): Tool {
	return changeTool(parts, {
		name: "apply_patch",
		description:
			"Changes, creates, deletes and moves several files at once by a patch: all of it or nothing. Takes a unified diff or the *** Begin Patch format. Hunks are found by their lines; line numbers are hints. Read the files first.",
		input,
		paths: ({ patch }) => pathsOf(filesOf(patch)),
		plan,
		title: (_, shown) => (shown.length <= 3 ? `Patch ${shown.join(", ")}` : `Patch ${shown.length} files`),
		say: (_, changes) => say(changes),
	});
}
