import type { RequestDefaults } from "./backend.ts";

/** A named set of parameters and a system prompt that can be asked for like a model. */
export interface PresetTarget {
	/** Undefined or `auto`: chosen as if the request had named no model. */
	readonly model: string | undefined;
	readonly defaults: RequestDefaults;
}

/** Finds a preset by its name, case-insensitive. */
export type FindPreset = (name: string) => PresetTarget | undefined;
