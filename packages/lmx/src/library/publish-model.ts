import { mkdir, open, rename } from "node:fs/promises";
import path from "node:path";
import type { Answer } from "../serving/backend.ts";
import { type ModelManifest, readManifest, writeManifest } from "./model-manifest.ts";
import { syncFolder } from "./replace-file.ts";

function isSameModel(left: ModelManifest, right: ModelManifest): boolean {
	return left.origin === right.origin && JSON.stringify(left.files) === JSON.stringify(right.files);
}

/**
 * Makes a folder of checked files a model of the library, in one step: before it nothing is seen of it, after it all.
 * A second call for the same files, after a crash between step and note, finds it done.
 */
export async function publishModel(staging: string, modelDir: string, manifest: ModelManifest): Promise<Answer<null>> {
	const target = path.join(modelDir, manifest.id);
	const existing = await readManifest(target);
	if (existing.ok && existing.manifest !== null) {
		if (isSameModel(existing.manifest, manifest)) {
			return { ok: true, value: null };
		}
		const message = `There is another model named "${manifest.id}" already. Delete it first, or give another id.`;
		return { ok: false, error: { code: "conflict", message, param: "id" } };
	}
	for (const { name } of manifest.files) {
		const handle = await open(path.join(staging, name), "r+");
		await handle.sync().finally(() => handle.close());
	}
	await writeManifest(staging, manifest);
	await mkdir(modelDir, { recursive: true });
	try {
		await rename(staging, target);
	} catch (error) {
		const code = error instanceof Error && "code" in error ? error.code : null;
		if (code === "ENOTEMPTY" || code === "EEXIST" || code === "ENOTDIR" || code === "EPERM") {
			const message = `${target} exists already and is not empty. Move it away, or give another id.`;
			return { ok: false, error: { code: "conflict", message, param: "id" } };
		}
		throw error;
	}
	await syncFolder(modelDir);
	return { ok: true, value: null };
}
