import type { InferenceBackend } from "./backend.ts";

/** A model that another server runs. */
export interface RemoteModel {
	/** Name that requests use. */
	readonly id: string;
	readonly title: string;
	/** Name of the server. */
	readonly server: string;
	/** Null while the server has not told. */
	readonly contextTokens: number | null;
	readonly backend: InferenceBackend;
	/** Why it does not answer now, in one sentence; null when it does. */
	unhealthyReason(): string | null;
}

/** The models of the servers that the configuration names. They take no memory here and are never unloaded. */
export interface RemoteModels {
	list(): readonly RemoteModel[];
	/** By id, case-insensitive. */
	find(id: string): RemoteModel | undefined;
}
