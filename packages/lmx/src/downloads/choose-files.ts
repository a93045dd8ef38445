import path from "node:path";
import { splitPartOf } from "../library/split-gguf.ts";
import type { Answer } from "../serving/backend.ts";

/** One file of a repository. */
export interface HubFile {
	readonly path: string;
	readonly bytes: number;
	/** Of files in large-file storage. */
	readonly sha256: string | null;
	/** SHA-1 of the blob object, for the small files that git itself keeps. */
	readonly gitSha1: string | null;
}

/** The files of one model in a repository. */
export interface ChosenFiles {
	readonly format: "gguf" | "mlx";
	/** Name without ending and part numbers; null for a model that is the whole repository. */
	readonly stem: string | null;
	readonly files: readonly HubFile[];
}

/** Taken in this order when nobody says which. */
const preferred = ["Q4_K_M", "Q4_K_S", "Q5_K_M", "Q4_0", "Q4_1", "MXFP4", "Q6_K", "Q8_0", "BF16", "F16"];

/** Files that a model of many files needs; code of the repository is never one of them. */
const neededByMlx = /^[^/]+\.(?:safetensors|json|jinja|model|tiktoken)$|^(?:merges|vocab)\.txt$/i;

interface Group {
	/** Path without ending and part numbers. */
	readonly stem: string;
	readonly files: readonly HubFile[];
	readonly isWhole: boolean;
}

function groupsOf(files: readonly HubFile[]): Group[] {
	const groups = new Map<string, { files: HubFile[]; count: number }>();
	for (const file of files) {
		const name = path.posix.basename(file.path);
		if (!/\.gguf$/i.test(name) || /^mmproj|[-.]mmproj|imatrix/i.test(name)) {
			continue;
		}
		const split = splitPartOf(name);
		const folder = path.posix.dirname(file.path);
		const stem = path.posix.join(folder, split?.stem ?? name.replace(/\.gguf$/i, ""));
		const group = groups.get(stem) ?? { files: [], count: split?.count ?? 1 };
		group.files.push(file);
		groups.set(stem, group);
	}
	return [...groups].map(([stem, group]) => ({
		stem,
		files: group.files.toSorted((left, right) => (left.path < right.path ? -1 : 1)),
		isWhole: group.files.length === group.count,
	}));
}

/** True when the quantisation stands in the path as a word of its own. */
function names(stem: string, quant: string): boolean {
	const word = quant.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
	return new RegExp(`(?:^|[-._/])${word}(?:$|[-./])`, "i").test(stem);
}

function refuse(message: string): Answer<ChosenFiles> {
	return { ok: false, error: { code: "not_found", message, param: "model" } };
}

function chosen(group: Group): Answer<ChosenFiles> {
	return group.isWhole
		? { ok: true, value: { format: "gguf", stem: path.posix.basename(group.stem), files: group.files } }
		: refuse(`The repository does not hold all parts of ${group.stem}.`);
}

function byQuant(groups: readonly Group[], quant: string): Group | undefined {
	const exact = groups.find(({ files }) => files.some((file) => file.path === quant || path.posix.basename(file.path) === quant));
	const matching = groups.filter(({ stem }) => names(stem, quant)).toSorted((left, right) => left.stem.length - right.stem.length);
	return exact ?? matching[0];
}

/** Picks the files of one model out of a repository's list: all parts of a GGUF, or all that an MLX model needs. */
export function chooseFiles(repository: string, files: readonly HubFile[], quant: string | null): Answer<ChosenFiles> {
	const groups = groupsOf(files);
	if (groups.length > 0) {
		const list = groups.map(({ stem }) => path.posix.basename(stem)).join(", ");
		if (quant !== null) {
			const group = byQuant(groups, quant);
			return group === undefined ? refuse(`${repository} has no file for "${quant}". It has: ${list}.`) : chosen(group);
		}
		const [only] = groups;
		const best = preferred.map((name) => byQuant(groups, name)).find((group) => group !== undefined);
		const group = groups.length === 1 ? only : best;
		return group === undefined
			? refuse(`Say which file of ${repository} you want, as hf:${repository}:name. It has: ${list}.`)
			: chosen(group);
	}
	const needed = files.filter((file) => neededByMlx.test(file.path));
	const isModel = needed.some((file) => file.path === "config.json") && needed.some((file) => file.path.endsWith(".safetensors"));
	if (!isModel || quant !== null) {
		return refuse(`${repository} holds no GGUF file${quant === null ? " and no MLX model" : ` for "${quant}"`}.`);
	}
	return { ok: true, value: { format: "mlx", stem: null, files: needed } };
}
