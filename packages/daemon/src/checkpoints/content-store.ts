import { mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import path from "node:path";
import { replaceFile } from "../platform/replace-file.ts";
import { syncFolder } from "../platform/sync-folder.ts";
import { isMissing } from "../sessions/is-missing.ts";
import { contentId } from "./file-state.ts";

/** Contents by their SHA-256, each once. */
export interface ContentStore {
	/** On disk when it resolves. */
	readonly put: (bytes: Buffer) => Promise<string>;
	/** Null where it is not kept any more, or was damaged. */
	readonly get: (id: string) => Promise<Buffer | null>;
	readonly remove: (id: string) => Promise<void>;
	/** Every content that is kept. */
	readonly list: () => Promise<readonly { readonly id: string; readonly bytes: number }[]>;
}

const idPattern = /^[0-9a-f]{64}$/;

/** A store in a folder of its own. */
export function createContentStore(folder: string): ContentStore {
	const fileOf = (id: string): string => path.join(folder, id.slice(0, 2), id);
	return {
		put: async (bytes) => {
			const id = contentId(bytes);
			const file = fileOf(id);
			const known = await stat(file).catch((error: unknown) => {
				if (isMissing(error)) {
					return null;
				}
				throw error;
			});
			if (known?.size === bytes.length) {
				return id;
			}
			if ((await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })) !== undefined) {
				await syncFolder(folder);
			}
			await replaceFile(file, bytes);
			return id;
		},
		get: async (id) => {
			const bytes = await readFile(fileOf(id)).catch((error: unknown) => {
				if (isMissing(error)) {
					return null;
				}
				throw error;
			});
			return bytes !== null && contentId(bytes) === id ? bytes : null;
		},
		remove: (id) => rm(fileOf(id), { force: true }),
		list: async () => {
			const found: { id: string; bytes: number }[] = [];
			for (const part of await readdir(folder)) {
				for (const name of await readdir(path.join(folder, part))) {
					if (idPattern.test(name)) {
						found.push({ id: name, bytes: (await stat(path.join(folder, part, name))).size });
					}
				}
			}
			return found;
		},
	};
}
