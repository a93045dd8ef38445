import { chmod, mkdir, rm, rmdir } from "node:fs/promises";
import path from "node:path";
import { replaceFile } from "../platform/replace-file.ts";
import { syncFolder } from "../platform/sync-folder.ts";
import type { ContentStore } from "./content-store.ts";
import { nearestFolder, readState } from "./file-state.ts";
import type { FilePlan } from "./plan-restore.ts";

/** What became of a file. */
export type RestoreResult = { readonly kind: "restored" | "same" } | { readonly kind: "skipped"; readonly reason: string };

const reasons: Readonly<Record<string, string>> = {
	EACCES: "There is no permission to write it.",
	EPERM: "There is no permission to write it.",
	EROFS: "Its file system is read-only.",
	ENOSPC: "The disk is full.",
	EDQUOT: "The disk quota is used up.",
};

/** Codes of `rmdir` for a folder that stays: something else lies in it, or it may not be removed. */
const keepsFolder = new Set(["ENOTEMPTY", "EEXIST", "EACCES", "EPERM", "EBUSY"]);

const skipped = (reason: string): RestoreResult => ({ kind: "skipped", reason });

/** Removes folders that were made for the file, as far as they are empty. */
async function removeEmptyFolders(from: string, until: string): Promise<void> {
	for (let folder = from; folder.startsWith(until + path.sep); folder = path.dirname(folder)) {
		try {
			await rmdir(folder);
		} catch (error) {
			const { code = "" } = error as NodeJS.ErrnoException;
			if (code === "ENOENT") {
				continue;
			}
			if (!keepsFolder.has(code)) {
				throw error;
			}
			return;
		}
	}
}

async function put(plan: FilePlan, contents: ContentStore): Promise<RestoreResult> {
	const { target } = plan;
	if (target.id === null) {
		await rm(plan.path);
		await syncFolder(path.dirname(plan.path));
		await removeEmptyFolders(path.dirname(plan.path), target.folder);
		return { kind: "restored" };
	}
	const bytes = await contents.get(target.id);
	if (bytes === null) {
		return skipped("Its earlier content is no longer kept.");
	}
	await mkdir(path.dirname(plan.path), { recursive: true });
	await replaceFile(plan.path, bytes, { mode: target.mode ?? null });
	return { kind: "restored" };
}

/** Gives a file what it was before; done twice it does nothing the second time. Files with somebody else's content are left alone. */
export async function restoreFile(plan: FilePlan, contents: ContentStore): Promise<RestoreResult> {
	const folder = await nearestFolder(plan.path);
	if (folder.given !== folder.real) {
		return skipped("Its folder is now a link to elsewhere.");
	}
	const now = await readState(plan.path);
	if (now.kind === "other") {
		return skipped("It is no longer an ordinary file.");
	}
	const id = now.kind === "absent" ? null : now.id;
	if (id === null && plan.target.id === null) {
		await removeEmptyFolders(path.dirname(plan.path), plan.target.folder);
		return { kind: "same" };
	}
	if (id === plan.target.id) {
		const modeDiffers = now.kind === "file" && now.mode !== plan.target.mode && process.platform !== "win32";
		if (modeDiffers) {
			await chmod(plan.path, plan.target.mode);
		}
		return { kind: modeDiffers ? "restored" : "same" };
	}
	if (plan.foreign) {
		return skipped("Somebody else changed it between the agent's changes.");
	}
	if (!plan.own.includes(id)) {
		return skipped(id === null ? "Somebody else deleted it since." : "Somebody else changed it since.");
	}
	if (plan.target.missing !== null) {
		return skipped(plan.target.missing);
	}
	try {
		return await put(plan, contents);
	} catch (error) {
		const reason = reasons[(error as NodeJS.ErrnoException).code ?? ""];
		if (reason === undefined) {
			throw error;
		}
		return skipped(reason);
	}
}
