import path from "node:path";
import { type CatalogueEntry, catalogue } from "./catalogue.ts";
import type { FactsCache } from "./facts-cache.ts";
import type { Candidate, ModelProblem } from "./find-candidates.ts";
import type { InstalledModel } from "./installed-model.ts";
import { modelIdFrom } from "./safe-names.ts";

/** A model, a problem to show, or nothing: a file that is a part of another model. */
export type Described =
	| { readonly kind: "model"; readonly model: InstalledModel }
	| { readonly kind: "problem"; readonly problem: ModelProblem }
	| { readonly kind: "none" };

/** The catalogue's entry for these files, by the name that they were published under. */
function entryOf({ files: [first], manifest }: Candidate): CatalogueEntry | undefined {
	const name = first === undefined ? "" : path.posix.basename(first.name);
	return catalogue.models.find((entry) => entry.id === manifest?.id || entry.fileName.toLowerCase() === name.toLowerCase());
}

/** What goes with a model by itself, not as a model of its own. */
const companions: ReadonlySet<string> = new Set(["adapter", "mmproj", "imatrix", "vocab"]);

/** Puts together what the manifest, the catalogue and the file itself say of a model, in this order of rank. */
export async function describeCandidate(candidate: Candidate, source: InstalledModel["source"], cache: FactsCache): Promise<Described> {
	const { manifest, folder, format, files } = candidate;
	const [first] = files;
	if (first === undefined) {
		return { kind: "none" };
	}
	const file = path.join(folder, first.name);
	const read = format === "gguf" ? await cache.read(file) : null;
	if (read?.ok === false) {
		return { kind: "problem", problem: { name: candidate.name, reason: `The model file ${file} ${read.reason}. Get it again.` } };
	}
	const facts = read?.facts ?? null;
	if (facts !== null && (facts.architecture === "clip" || companions.has(facts.type ?? "model"))) {
		return { kind: "none" };
	}
	const entry = format === "gguf" ? entryOf(candidate) : undefined;
	const fileBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
	if (entry !== undefined && manifest === null && fileBytes !== entry.fileBytes) {
		const reason = `The model file ${file} has ${fileBytes} bytes instead of ${entry.fileBytes}: it was cut short or changed. Get it again.`;
		return { kind: "problem", problem: { name: entry.id, reason } };
	}
	const sha256Of = (index: number): string | null =>
		manifest?.files[index]?.sha256 ?? (index === 0 && entry?.source === "bundled" ? entry.sha256 : null);
	return {
		kind: "model",
		model: {
			id: manifest?.id ?? entry?.id ?? modelIdFrom(candidate.name),
			title: manifest?.title ?? entry?.title ?? candidate.name,
			format,
			path: format === "mlx" ? folder : file,
			folder,
			files: files.map(({ name, bytes }, index) => ({ name, bytes, sha256: sha256Of(index) })),
			fileBytes,
			modifiedAt: new Date(Math.max(...files.map(({ modifiedAt }) => modifiedAt.getTime()))),
			architecture: manifest?.architecture ?? facts?.architecture ?? null,
			quantisation: manifest?.quantisation ?? facts?.quantisation ?? null,
			trainedContextTokens: manifest?.trainedContextTokens ?? facts?.trainedContextTokens ?? null,
			licence: manifest?.licence ?? entry?.licence ?? facts?.licence ?? null,
			parameters: manifest?.parameters ?? (facts === null || facts.splitCount > 1 ? null : facts.parameters),
			sha256: sha256Of(0),
			defaultSystemPrompt: manifest?.defaultSystemPrompt ?? entry?.defaultSystemPrompt ?? null,
			defaultTemperature: manifest?.defaultTemperature ?? entry?.defaultTemperature ?? null,
			source,
			origin: manifest?.origin ?? (entry?.source === "huggingface" ? `hf:${entry.repository}` : null),
		},
	};
}
