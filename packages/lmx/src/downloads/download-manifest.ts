import type { JobOf } from "../jobs/job-kind.ts";
import type { GgufFacts } from "../library/gguf/gguf-facts.ts";
import type { InstalledModel } from "../library/installed-model.ts";
import type { ModelManifest } from "../library/model-manifest.ts";
import type { Answer } from "../serving/backend.ts";
import type { DownloadPlan } from "./download-plan.ts";

type Result = NonNullable<JobOf<"download">["result"]>;

/** A model of this name is there: of this download, which was cut off after its last step, or of another. */
export function doneBefore({ origin, fileBytes, files }: InstalledModel, { modelId, origin: wanted }: DownloadPlan): Answer<Result> {
	const isOwn = origin === wanted && files.every(({ sha256 }) => sha256 !== null);
	if (!isOwn) {
		const message = `There is a model named "${modelId}" already. Delete it first, or give another id.`;
		return { ok: false, error: { code: "conflict", message, param: "id" } };
	}
	return { ok: true, value: { modelId, fileBytes, files: files.map((file) => ({ ...file, sha256: file.sha256 ?? "" })), verified: true } };
}

/** What is kept of a downloaded model: the repository's and the catalogue's word before that of the file itself. */
export function manifestOf(plan: DownloadPlan, files: ModelManifest["files"], facts: GgufFacts | null): ModelManifest {
	return {
		version: 1,
		id: plan.modelId,
		title: plan.title,
		format: plan.format,
		files: [...files],
		origin: plan.origin,
		revision: plan.revision,
		licence: plan.licence ?? facts?.licence ?? null,
		quantisation: facts?.quantisation ?? null,
		architecture: facts?.architecture ?? null,
		trainedContextTokens: facts?.trainedContextTokens ?? null,
		parameters: facts === null || facts.splitCount > 1 ? null : facts.parameters,
		defaultSystemPrompt: plan.defaultSystemPrompt,
		defaultTemperature: plan.defaultTemperature,
		installedAt: new Date().toISOString(),
	};
}
