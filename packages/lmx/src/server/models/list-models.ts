import type { ModelEntry, ModelList } from "@opta/contracts/schema/lmx-models";
import type { Preset } from "@opta/contracts/schema/lmx-presets";
import type { InstalledModel } from "../../library/installed-model.ts";
import type { OpenModels } from "../../open-models.ts";
import type { ModelPool } from "../../serving/model-pool.ts";
import { bestLoaded } from "../../serving/model-provider.ts";
import type { RemoteModel } from "../../serving/remote-models.ts";
import { stateOf } from "../server-state.ts";

/** Whom clients see as the owner; other LMX servers know LMX by it. */
const owner = "opta-local";

/** What the list is made of. */
export type ListedModels = Pick<OpenModels, "pool" | "library" | "remotes" | "presets" | "findPreset" | "knowsModel" | "defaultModel">;

function entryOf(pool: ModelPool, model: InstalledModel): ModelEntry {
	return {
		id: model.id,
		object: "model",
		created: Math.floor(model.modifiedAt.getTime() / 1000),
		owned_by: owner,
		opta: {
			title: model.title,
			state: stateOf(pool, model.id),
			defaultSystemPrompt: model.defaultSystemPrompt,
			contextTokens: pool.find(model.id)?.runner.status().contextTokens ?? model.trainedContextTokens,
			fileBytes: model.fileBytes,
			licence: model.licence,
			preset: null,
		},
	};
}

function remoteEntryOf({ id, title, server, contextTokens, unhealthyReason }: RemoteModel): ModelEntry {
	return {
		id,
		object: "model",
		created: 0,
		owned_by: server,
		opta: {
			title,
			state: unhealthyReason() === null ? "ready" : "failed",
			defaultSystemPrompt: null,
			contextTokens,
			fileBytes: null,
			licence: null,
			preset: null,
		},
	};
}

function presetEntryOf(preset: Preset, models: readonly ModelEntry[], { pool, findPreset, defaultModel }: ListedModels): ModelEntry {
	const target = findPreset(preset.name);
	const wanted = target?.model ?? bestLoaded(pool.residents())?.model.id ?? defaultModel();
	const answers = models.find(({ id }) => id.toLowerCase() === wanted.toLowerCase())?.opta;
	return {
		id: preset.name,
		object: "model",
		created: Math.floor(Date.parse(preset.updatedAt) / 1000),
		owned_by: owner,
		opta: {
			title: preset.title ?? preset.name,
			state: answers?.state ?? "failed",
			defaultSystemPrompt: target?.defaults.systemPrompt ?? answers?.defaultSystemPrompt ?? null,
			contextTokens: answers?.contextTokens ?? null,
			fileBytes: null,
			licence: answers?.licence ?? null,
			preset: { model: preset.model },
		},
	};
}

/**
 * Answer of `GET /v1/models`: every model of this machine, loaded or not, then those of other servers, then the
 * presets. A name that two of them have is that of the first, as in requests.
 */
export function listModels(parts: ListedModels): ModelList {
	const { pool, library, remotes, presets, knowsModel } = parts;
	const own = library.list().map((model) => entryOf(pool, model));
	const others = remotes.list().filter(({ id }) => library.find(id) === undefined);
	const models = [...own, ...others.map(remoteEntryOf)];
	const named = presets.list().filter(({ name }) => !knowsModel(name));
	return { object: "list", data: [...models, ...named.map((preset) => presetEntryOf(preset, models, parts))] };
}
