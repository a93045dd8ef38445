import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { type ModelManifest, readManifest } from "./model-manifest.ts";
import { splitPartName, splitPartOf } from "./split-gguf.ts";

/** Files that look like one model. */
export interface Candidate {
	/** Name of the folder, or of the file without ending. */
	readonly name: string;
	readonly folder: string;
	readonly format: "gguf" | "mlx";
	/** The first one is loaded. */
	readonly files: readonly { readonly name: string; readonly bytes: number; readonly modifiedAt: Date }[];
	readonly manifest: ModelManifest | null;
}

/** A place that looks like a model but cannot be one, and why, in a sentence. */
export interface ModelProblem {
	readonly name: string;
	readonly reason: string;
}

/** What a folder holds. */
export interface FoundCandidates {
	readonly candidates: readonly Candidate[];
	readonly problems: readonly ModelProblem[];
}

type FileFacts = Candidate["files"][number];

async function factsOf(folder: string, names: readonly string[]): Promise<{ files: FileFacts[]; missing: string[] }> {
	const files: FileFacts[] = [];
	const missing: string[] = [];
	for (const name of names) {
		const found = await stat(path.join(folder, name)).catch(() => null);
		if (found?.isFile() === true) {
			files.push({ name, bytes: found.size, modifiedAt: found.mtime });
		} else {
			missing.push(name);
		}
	}
	return { files, missing };
}

/** GGUF files of one folder; the parts of a split model count as one. */
async function ggufCandidates(folder: string, names: readonly string[]): Promise<FoundCandidates> {
	const candidates: Candidate[] = [];
	const problems: ModelProblem[] = [];
	for (const name of names) {
		const split = splitPartOf(name);
		if (split !== null && split.part !== 1) {
			if (!names.includes(splitPartName(split.stem, 1, split.count))) {
				problems.push({ name: split.stem, reason: `The first part of ${path.join(folder, name)} is missing.` });
			}
			continue;
		}
		const wanted =
			split === null ? [name] : Array.from({ length: split.count }, (_, index) => splitPartName(split.stem, index + 1, split.count));
		const stem = split?.stem ?? name.replace(/\.gguf$/i, "");
		const { files, missing } = await factsOf(folder, wanted);
		if (missing.length > 0) {
			problems.push({ name: stem, reason: `The model in ${folder} is not whole: ${missing.join(", ")} is missing.` });
		} else {
			candidates.push({ name: stem, folder, format: "gguf", files, manifest: null });
		}
	}
	return { candidates, problems };
}

async function withManifest(folder: string, manifest: ModelManifest): Promise<FoundCandidates> {
	const { files, missing } = await factsOf(
		folder,
		manifest.files.map(({ name }) => name),
	);
	const changed = files.filter(({ bytes }, index) => bytes !== manifest.files[index]?.bytes).map(({ name }) => name);
	if (missing.length > 0 || changed.length > 0) {
		const what = missing.length > 0 ? `${missing.join(", ")} is missing` : `the size of ${changed.join(", ")} has changed`;
		return {
			candidates: [],
			problems: [{ name: manifest.id, reason: `The model ${manifest.id} is damaged: ${what}. Download it again.` }],
		};
	}
	return { candidates: [{ name: manifest.id, folder, format: manifest.format, files, manifest }], problems: [] };
}

async function inFolder(folder: string): Promise<FoundCandidates> {
	const read = await readManifest(folder);
	const name = path.basename(folder).toLowerCase();
	if (!read.ok) {
		return { candidates: [], problems: [{ name, reason: `The model in ${folder} cannot be used: ${read.reason}.` }] };
	}
	if (read.manifest !== null) {
		return withManifest(folder, read.manifest);
	}
	const names = (await readdir(folder)).filter((entry) => !entry.startsWith(".")).sort();
	const weights = names.filter((entry) => entry.endsWith(".safetensors"));
	if (weights.length > 0 && names.includes("config.json")) {
		const { files } = await factsOf(folder, names);
		return { candidates: [{ name, folder, format: "mlx", files, manifest: null }], problems: [] };
	}
	const found = await ggufCandidates(
		folder,
		names.filter((entry) => entry.toLowerCase().endsWith(".gguf")),
	);
	const [only] = found.candidates;
	return only !== undefined && found.candidates.length === 1 ? { ...found, candidates: [{ ...only, name }] } : found;
}

/** Looks through the model folder: a folder for each model, and GGUF files that lie in it directly. Hidden names are not looked at. */
export async function findCandidates(modelDir: string): Promise<FoundCandidates> {
	const entries = await readdir(modelDir, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
		if (error.code === "ENOENT") {
			return [];
		}
		throw error;
	});
	const visible = entries.filter(({ name }) => !name.startsWith(".")).sort((left, right) => (left.name < right.name ? -1 : 1));
	const isFolder = async (entry: (typeof entries)[number]): Promise<boolean> =>
		entry.isSymbolicLink()
			? ((await stat(path.join(modelDir, entry.name)).catch(() => null))?.isDirectory() ?? false)
			: entry.isDirectory();
	const found: FoundCandidates[] = [];
	const ggufNames: string[] = [];
	for (const entry of visible) {
		if (await isFolder(entry)) {
			found.push(await inFolder(path.join(modelDir, entry.name)));
		} else if (entry.name.toLowerCase().endsWith(".gguf")) {
			ggufNames.push(entry.name);
		}
	}
	found.push(await ggufCandidates(modelDir, ggufNames));
	return { candidates: found.flatMap(({ candidates }) => candidates), problems: found.flatMap(({ problems }) => problems) };
}

/** The candidate at a path that a person gave: a GGUF file (any part of a split one) or a folder. */
export async function candidateAt(file: string): Promise<FoundCandidates> {
	const found = await stat(file).catch(() => null);
	if (found === null) {
		const reason = `There is no model file ${file}. Check the path, or name a model of the catalogue.`;
		return { candidates: [], problems: [{ name: file, reason }] };
	}
	if (found.isDirectory()) {
		const inside = await inFolder(file);
		return inside.candidates.length === 1
			? inside
			: { candidates: [], problems: [{ name: file, reason: `${file} is not a file. Give the path of a GGUF file.` }] };
	}
	const folder = path.dirname(file);
	const split = splitPartOf(path.basename(file));
	return ggufCandidates(folder, [split === null ? path.basename(file) : splitPartName(split.stem, 1, split.count)]);
}
