import path from "node:path";
import { fileURLToPath } from "node:url";
import { describeCandidate } from "./describe-candidate.ts";
import type { FactsCache } from "./facts-cache.ts";
import { type Candidate, candidateAt, findCandidates, type ModelProblem } from "./find-candidates.ts";
import type { InstalledModel } from "./installed-model.ts";

const bundledFolder = fileURLToPath(new URL("../../models", import.meta.url));

/** What is on this machine. */
export interface ScannedModels {
	/** By id. */
	readonly models: ReadonlyMap<string, InstalledModel>;
	readonly problems: readonly ModelProblem[];
}

/** Looks at a model named by its path, then the model folder, then what ships with LMX; of one name the first counts. */
export async function scanModels(modelDir: string, modelFile: string | null, cache: FactsCache): Promise<ScannedModels> {
	const named = modelFile === null ? { candidates: [], problems: [] } : await candidateAt(path.resolve(modelFile));
	const installed = await findCandidates(modelDir);
	const bundled = await findCandidates(bundledFolder);
	const problems = [...named.problems, ...installed.problems];
	const models = new Map<string, InstalledModel>();
	const files = new Set<string>();
	const sources: readonly [InstalledModel["source"], readonly Candidate[]][] = [
		["file", named.candidates],
		["installed", installed.candidates],
		["catalogue", bundled.candidates],
	];
	for (const [source, candidates] of sources) {
		for (const candidate of candidates) {
			const described = await describeCandidate(candidate, source, cache);
			if (described.kind === "problem") {
				problems.push(described.problem);
			} else if (described.kind === "model") {
				const { model } = described;
				files.add(model.path);
				const other = models.get(model.id);
				if (other === undefined) {
					models.set(model.id, model);
				} else if (source === "installed" && other.path !== model.path) {
					problems.push({ name: model.id, reason: `${model.path} has the name of ${other.path}, which is used. Rename one of them.` });
				}
			}
		}
	}
	await cache.keep(files);
	return { models, problems };
}
