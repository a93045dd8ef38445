import { createTwoFilesPatch } from "diff";
import { limitOutput } from "../../output/limit-output.ts";
import type { Place } from "../locate.ts";
import { decodeText, detectForm } from "../text-form.ts";

/** What a call makes of one file. */
export interface FileChange {
	readonly place: Place;
	/** Null where there is no file. */
	readonly before: Buffer | null;
	/** Null where the file goes. */
	readonly after: Buffer | null;
	/** Permission bits that the file gets; those of new files when missing. */
	readonly mode?: number;
}

/** Diffs for people end here. */
const maxDiffBytes = 256 * 1024;
/** Comparing holds up everything else in the daemon, so it ends after this time; then the diff only says that the files differ. */
const diffTimeoutMs = 250;

function textOf(bytes: Buffer | null): string | null {
	if (bytes === null) {
		return "";
	}
	const form = detectForm(bytes);
	return form === null ? null : decodeText(bytes, form);
}

/** Unified diff of one file; a line that says so where it is not text or takes too long to compare. */
export function fileDiff(shown: string, before: Buffer | null, after: Buffer | null): string {
	const oldText = textOf(before);
	const newText = textOf(after);
	const oldName = before === null ? "/dev/null" : `a/${shown}`;
	const newName = after === null ? "/dev/null" : `b/${shown}`;
	if (oldText === null || newText === null) {
		return `Binary files ${oldName} and ${newName} differ\n`;
	}
	const patch = createTwoFilesPatch(oldName, newName, oldText, newText, undefined, undefined, {
		context: 3,
		timeout: diffTimeoutMs,
		headerOptions: { includeIndex: false, includeUnderline: false, includeFileHeaders: true },
	});
	return patch ?? `Files ${oldName} and ${newName} differ (too much to show)\n`;
}

/** Unified diff of all changes, for people. */
export function changesDiff(changes: readonly FileChange[]): string {
	const diff = changes.map((change) => fileDiff(change.place.shown, change.before, change.after)).join("");
	return limitOutput(diff, maxDiffBytes, "Open the files to see the rest.").text;
}
