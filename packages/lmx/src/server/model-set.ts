import type { ModelSource } from "../model/resolve-model.ts";
import type { ModelSupervisor } from "../supervision/model-supervisor.ts";

/** A model that this server serves. */
export interface ServedModel {
	readonly source: ModelSource;
	readonly supervisor: ModelSupervisor;
}

/** The models of a server; the first is the default. */
export type ModelSet = readonly ServedModel[];

/** Finds the model of a request: no name or `auto` takes the best that is ready, else the default. */
export function findModel(models: ModelSet, name: string | undefined): ServedModel | undefined {
	if (name === undefined || name === "auto") {
		return models.find(({ supervisor }) => supervisor.state === "ready") ?? models[0];
	}
	return models.find(({ source }) => source.id === name);
}
