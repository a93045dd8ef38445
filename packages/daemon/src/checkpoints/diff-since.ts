import { fileDiff } from "../tools/files/change/file-change.ts";
import { shownPath } from "../tools/files/workspace-path.ts";
import type { CheckpointEntry } from "./checkpoint-entry.ts";
import type { ContentStore } from "./content-store.ts";
import { contentId, openPlain } from "./file-state.ts";
import { type FilePlan, planRestore } from "./plan-restore.ts";

/** Files that are larger are not compared. */
const maxFileBytes = 4 * 1024 * 1024;
const maxDiffBytes = 2 * 1024 * 1024;

/** The content of a file now; a line that says why it cannot be compared. */
async function contentNow(absolute: string): Promise<Buffer | null | string> {
	const opened = await openPlain(absolute);
	if (opened === null) {
		return null;
	}
	if (opened === "other") {
		return "is no longer an ordinary file";
	}
	try {
		return opened.stats.size > maxFileBytes ? `has ${opened.stats.size} bytes, too many to compare` : await opened.handle.readFile();
	} finally {
		await opened.handle.close();
	}
}

async function diffOne(contents: ContentStore, { path, target }: FilePlan, shown: string): Promise<string> {
	const now = await contentNow(path);
	if (typeof now === "string") {
		return `${shown} ${now}.\n`;
	}
	if ((now === null ? null : contentId(now)) === target.id) {
		return "";
	}
	const before = target.id === null ? null : target.missing === null ? await contents.get(target.id) : undefined;
	if (before === undefined || (before === null && target.id !== null)) {
		return `${shown} changed. ${target.missing ?? "Its earlier content is no longer kept."}\n`;
	}
	return fileDiff(shown, before, now);
}

/** Unified diff from before these changes to now. Files that cannot be compared have a line of their own; so has what is too much. */
export async function diffSince(contents: ContentStore, entries: readonly CheckpointEntry[], workspace: string): Promise<string> {
	const plans = planRestore(entries);
	let diff = "";
	for (const [index, plan] of plans.entries()) {
		if (diff.length > maxDiffBytes) {
			return `${diff}${plans.length - index} more files changed; their diff is too long to show.\n`;
		}
		diff += await diffOne(contents, plan, shownPath(workspace, plan.path));
	}
	return diff;
}
