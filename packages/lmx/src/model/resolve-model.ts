import { closeSync, openSync, readSync, type Stats, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { type CatalogueEntry, catalogue } from "../library/catalogue.ts";

/** A model file on this machine and what is known of it. */
export interface ModelSource {
	/** Name that requests use. */
	readonly id: string;
	readonly title: string;
	readonly file: string;
	readonly fileBytes: number;
	readonly modifiedAt: Date;
	readonly licence: string | null;
	readonly defaultSystemPrompt: string | null;
	/** For requests that bring none; null for the server's own. */
	readonly defaultTemperature: number | null;
	/** Of the file as it was published; null when nobody published one. */
	readonly sha256: string | null;
}

/** A model that can be loaded, or why not, in one line with what to do. */
export type ResolvedModel = { readonly ok: true; readonly model: ModelSource } | { readonly ok: false; readonly message: string };

const bundledFolder = fileURLToPath(new URL("../../models", import.meta.url));

function statOf(file: string): Stats | null {
	return statSync(file, { throwIfNoEntry: false }) ?? null;
}

function refuse(message: string): ResolvedModel {
	return { ok: false, message };
}

/** GGUF files begin with these four bytes (ggml docs, gguf.md). */
function isGguf(file: string): boolean {
	const head = Buffer.alloc(4);
	const descriptor = openSync(file, "r");
	readSync(descriptor, head, 0, 4, 0);
	closeSync(descriptor);
	return head.toString("latin1") === "GGUF";
}

function checkFile(file: string, expectedBytes: number | null): { stat: Stats } | { message: string } {
	const stat = statOf(file);
	if (stat === null) {
		return { message: `There is no model file ${file}. Check the path, or name a model of the catalogue.` };
	}
	if (!stat.isFile()) {
		return { message: `${file} is not a file. Give the path of a GGUF file.` };
	}
	try {
		if (!isGguf(file)) {
			return { message: `${file} is not a GGUF model. Download a file that ends in .gguf.` };
		}
	} catch (error) {
		return { message: `The model file ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}` };
	}
	if (expectedBytes !== null && stat.size !== expectedBytes) {
		return {
			message: `The model file ${file} has ${stat.size} bytes instead of ${expectedBytes}: it was cut short or changed. Get it again.`,
		};
	}
	return { stat };
}

function fromCatalogue(entry: CatalogueEntry, modelDir: string): ResolvedModel {
	const folders = entry.source === "bundled" ? [modelDir, bundledFolder] : [modelDir];
	const places = folders.map((folder) => path.join(folder, entry.fileName));
	const file = places.find((place) => statOf(place) !== null);
	if (file === undefined) {
		return refuse(
			entry.source === "bundled"
				? `The model file ${places.at(-1)} is missing. Get it back from the repository: git checkout -- packages/lmx/models`
				: `The model ${entry.id} is not on this machine. Download https://huggingface.co/${entry.repository}/resolve/main/${entry.fileName} to ${modelDir}.`,
		);
	}
	const checked = checkFile(file, entry.fileBytes);
	if ("message" in checked) {
		return refuse(checked.message);
	}
	return {
		ok: true,
		model: {
			id: entry.id,
			title: entry.title,
			file,
			fileBytes: entry.fileBytes,
			modifiedAt: checked.stat.mtime,
			licence: entry.licence,
			defaultSystemPrompt: entry.defaultSystemPrompt,
			defaultTemperature: entry.defaultTemperature,
			sha256: entry.source === "bundled" ? entry.sha256 : null,
		},
	};
}

/** Turns what the person wrote into a model file: a name of the catalogue, or a path. Null takes the default. */
export function resolveModel(wanted: string | null, modelDir: string): ResolvedModel {
	const id = wanted ?? catalogue.defaultModel;
	const entry = catalogue.models.find((model) => model.id === id.toLowerCase());
	if (entry !== undefined) {
		return fromCatalogue(entry, modelDir);
	}
	if (!/[\\/]|\.gguf$/i.test(id)) {
		const known = catalogue.models.map((model) => model.id).join(", ");
		return refuse(`The catalogue has no model "${id}". It has ${known}; or give the path of a GGUF file.`);
	}
	const file = path.resolve(id);
	const checked = checkFile(file, null);
	if ("message" in checked) {
		return refuse(checked.message);
	}
	const name = path.basename(file).replace(/\.gguf$/i, "");
	return {
		ok: true,
		model: {
			id: name.toLowerCase(),
			title: name,
			file,
			fileBytes: checked.stat.size,
			modifiedAt: checked.stat.mtime,
			licence: null,
			defaultSystemPrompt: null,
			defaultTemperature: null,
			sha256: null,
		},
	};
}
