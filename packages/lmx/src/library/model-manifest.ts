import { readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { replaceFile } from "./replace-file.ts";
import { isSafeFileName } from "./safe-names.ts";

/** Name of the file that stands beside the files of an installed model. */
export const manifestName = "model.json";

/** What is kept of a model in the model folder; its files were verified before this was written. */
export const modelManifestSchema = z.object({
	version: z.literal(1),
	id: z.string(),
	title: z.string(),
	format: z.enum(["gguf", "mlx"]),
	/** The first one is loaded. */
	files: z
		.array(
			z.object({
				name: z.string().refine(isSafeFileName, "must be a plain relative path"),
				bytes: z.int().min(0),
				/** Null only where nobody published one. */
				sha256: z
					.string()
					.regex(/^[0-9a-f]{64}$/)
					.nullable(),
			}),
		)
		.min(1),
	/** `hf:user/repo:quant`, an address, or `quantize:<source id>`. */
	origin: z.string(),
	/** Commit of the repository, so that the same files can be found again. */
	revision: z.string().nullable(),
	licence: z.string().nullable(),
	quantisation: z.string().nullable(),
	architecture: z.string().nullable(),
	trainedContextTokens: z.int().nullable(),
	parameters: z.int().nullable(),
	defaultSystemPrompt: z.string().nullable(),
	defaultTemperature: z.number().nullable(),
	installedAt: z.iso.datetime(),
});

/** What is kept of a model in the model folder. */
export type ModelManifest = z.infer<typeof modelManifestSchema>;

/** The manifest of a folder, null where there is none, or why it cannot be used. */
export type ReadManifest = { readonly ok: true; readonly manifest: ModelManifest | null } | { readonly ok: false; readonly reason: string };

/** Reads the manifest of a model's folder. */
export async function readManifest(folder: string): Promise<ReadManifest> {
	let text: string;
	try {
		text = await readFile(path.join(folder, manifestName), "utf8");
	} catch (error) {
		const isMissing = error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
		return isMissing ? { ok: true, manifest: null } : { ok: false, reason: `its ${manifestName} cannot be read: ${String(error)}` };
	}
	try {
		return { ok: true, manifest: modelManifestSchema.parse(JSON.parse(text)) };
	} catch {
		return { ok: false, reason: `its ${manifestName} is damaged. Delete the model and download it again` };
	}
}

/** Writes the manifest; from then on the model is in the library. */
export function writeManifest(folder: string, manifest: ModelManifest): Promise<void> {
	return replaceFile(path.join(folder, manifestName), `${JSON.stringify(manifest, null, "\t")}\n`);
}
