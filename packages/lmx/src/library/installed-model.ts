/** A model on this machine that was verified, and what is known of it. */
export interface InstalledModel {
	/** Name that requests use. */
	readonly id: string;
	readonly title: string;
	readonly format: "gguf" | "mlx";
	/** The first file of a split GGUF is the one to load; MLX models are a folder. */
	readonly path: string;
	/** All files together. */
	readonly fileBytes: number;
	readonly modifiedAt: Date;
	/** From the file's own metadata; null where it has none. */
	readonly architecture: string | null;
	readonly quantisation: string | null;
	readonly trainedContextTokens: number | null;
	readonly licence: string | null;
	/** Of the first file, as published; null when nobody published one. */
	readonly sha256: string | null;
	readonly defaultSystemPrompt: string | null;
	/** For requests that bring none; null for the server's own. */
	readonly defaultTemperature: number | null;
	/** `catalogue`: ships with LMX; `installed`: in the model folder; `file`: named by its path. */
	readonly source: "catalogue" | "installed" | "file";
}

/** The models on this machine. */
export interface ModelLibrary {
	list(): readonly InstalledModel[];
	/** By id, case-insensitive; undefined when it is not here. */
	find(id: string): InstalledModel | undefined;
}
