import type { InstalledModel, ModelLibrary } from "../library/installed-model.ts";
import type { Answer, ModelLease, ModelProvider, ModelWish, RequestDefaults } from "./backend.ts";
import type { FindPreset } from "./find-preset.ts";
import type { ModelPool } from "./model-pool.ts";
import type { RemoteModels } from "./remote-models.ts";
import type { ResidentModel } from "./resident-model.ts";

/** What the provider chooses from. */
export interface ProviderParts {
	readonly pool: ModelPool;
	readonly library: ModelLibrary;
	readonly remotes: RemoteModels;
	readonly findPreset: FindPreset;
	/** The build of a model that this machine runs best; the model itself where there is no other. */
	readonly bestBuild: (model: InstalledModel) => InstalledModel;
	/** Why a name is no model, in a sentence with what to do. */
	readonly explainUnknown: (name: string) => string;
	/** Name of the model that is loaded when none is. */
	readonly defaultModel: () => string;
}

function isNoName(name: string | undefined): name is undefined | "auto" {
	return name === undefined || name === "auto";
}

/** The best of the loaded models is the largest one that answers. */
export function bestLoaded(residents: readonly ResidentModel[]): ResidentModel | undefined {
	return residents
		.filter(({ state, isLeaving }) => state === "ready" && !isLeaving)
		.toSorted((a, b) => b.model.fileBytes - a.model.fileBytes)[0];
}

/** The preset's own values stand before the model's. */
function merged(model: RequestDefaults, preset: RequestDefaults | undefined): RequestDefaults {
	return preset === undefined
		? model
		: { systemPrompt: preset.systemPrompt ?? model.systemPrompt, parameters: { ...model.parameters, ...preset.parameters } };
}

/** Chooses the model of a request and holds it. A name that is not there is refused: never another model in silence. */
export function createModelProvider(parts: ProviderParts): ModelProvider {
	const { pool, library, remotes, findPreset, bestBuild, explainUnknown, defaultModel } = parts;

	return {
		async acquire({ model: wanted, keepAliveMs, signal }: ModelWish): Promise<Answer<ModelLease>> {
			const preset = isNoName(wanted) ? undefined : findPreset(wanted);
			const name = preset === undefined ? wanted : preset.model;
			const loaded = isNoName(name) ? bestLoaded(pool.residents())?.model : undefined;
			const id = isNoName(name) ? defaultModel() : name;
			const found = loaded ?? library.find(id);
			if (found === undefined) {
				const remote = remotes.find(id);
				if (remote === undefined) {
					return { ok: false, error: { code: "model_not_found", message: explainUnknown(name ?? id), param: "model" } };
				}
				const problem = remote.unhealthyReason();
				if (problem !== null) {
					return { ok: false, error: { code: "model_unavailable", message: problem } };
				}
				const defaults = merged({ systemPrompt: null, parameters: {} }, preset?.defaults);
				return { ok: true, value: { modelId: remote.id, backend: remote.backend, defaults, release: () => undefined } };
			}
			const model = loaded ?? bestBuild(found);
			const held = await pool.hold(model, keepAliveMs, signal);
			if (!held.ok) {
				return held;
			}
			const { resident, release } = held.value;
			const own: RequestDefaults = {
				systemPrompt: model.defaultSystemPrompt,
				parameters: model.defaultTemperature === null ? {} : { temperature: model.defaultTemperature },
			};
			return {
				ok: true,
				value: { modelId: model.id, backend: resident.runner.backend, defaults: merged(own, preset?.defaults), release },
			};
		},
	};
}
