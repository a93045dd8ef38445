import type { ModelEntry } from "@opta/contracts/schema/lmx-models";

/** The model that the next question goes to. */
export interface ModelChoice {
	/** Undefined when the host offers none that could answer. */
	readonly model: ModelEntry | undefined;
	/** True when it answers now; a model that is loading will. */
	readonly ready: boolean;
}

const hopeful: readonly string[] = ["loading", "restarting"];

/** Chooses the wanted model while the host has it, else the first that is ready, else the first that soon will be. */
export function chooseModel(models: readonly ModelEntry[], wanted: string | null): ModelChoice {
	const usable = models.filter(({ opta }) => opta.state === "ready" || hopeful.includes(opta.state));
	const model = usable.find(({ id }) => id === wanted) ?? usable.find(({ opta }) => opta.state === "ready") ?? usable[0];
	return { model, ready: model?.opta.state === "ready" };
}

/** True for models that can be picked. */
export function isUsable(model: ModelEntry): boolean {
	return chooseModel([model], null).model !== undefined;
}
