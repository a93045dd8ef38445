import type { PresetBody } from "@opta/contracts/schema/lmx-presets";
import type { FindPreset } from "../serving/find-preset.ts";
import type { PresetStore } from "./preset-store.ts";

/** True for a name that a model of this host has, in any case of letters. */
export type KnowsModel = (name: string) => boolean;

const anyModel = "auto";

/** Looks names of requests up among the presets. A model that came later under the name of a preset is the model. */
export function presetFinder(store: PresetStore, knowsModel: KnowsModel): FindPreset {
	return (name) => {
		const preset = knowsModel(name) ? undefined : store.find(name);
		if (preset === undefined) {
			return undefined;
		}
		const { model, systemPrompt, parameters } = preset;
		return { model: model === anyModel ? undefined : model, defaults: { systemPrompt, parameters } };
	};
}

/** What is known of the names that requests use. */
export interface ModelNames {
	readonly knowsModel: KnowsModel;
	/** Why a name is none, in a sentence with what to do. */
	readonly explainUnknown: (name: string) => string;
}

/** Why a preset would not work on this host, in one sentence, with the field at fault; null when it does. */
export function presetProblem(
	name: string,
	{ model }: Pick<PresetBody, "model">,
	{ knowsModel, explainUnknown }: ModelNames,
): { readonly param: "name" | "model"; readonly message: string } | null {
	if (name.toLowerCase() === anyModel || knowsModel(name)) {
		return { param: "name", message: `"${name}" is the name of a model. Choose another name for the preset.` };
	}
	if (model !== anyModel && !knowsModel(model)) {
		return { param: "model", message: explainUnknown(model) };
	}
	return null;
}
