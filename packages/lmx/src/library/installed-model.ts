import type { Answer } from "../serving/backend.ts";
import type { VerifyOptions } from "./verify-files.ts";

/** One file of a model. */
export interface InstalledFile {
	/** Below the model's folder, with `/` between parts. */
	readonly name: string;
	readonly bytes: number;
	/** As published; null when nobody published one. */
	readonly sha256: string | null;
}

/** A model on this machine and what is known of it. */
export interface InstalledModel {
	/** Name that requests use. */
	readonly id: string;
	readonly title: string;
	readonly format: "gguf" | "mlx";
	/** The first file of a split GGUF is the one to load; MLX models are a folder. */
	readonly path: string;
	/** Where `files` are. */
	readonly folder: string;
	readonly files: readonly InstalledFile[];
	/** All files together. */
	readonly fileBytes: number;
	readonly modifiedAt: Date;
	/** From the file's own metadata; null where it has none. */
	readonly architecture: string | null;
	readonly quantisation: string | null;
	readonly trainedContextTokens: number | null;
	readonly licence: string | null;
	/** Values of all tensors; null where the format does not tell. */
	readonly parameters: number | null;
	/** Of the first file, as published; null when nobody published one. */
	readonly sha256: string | null;
	readonly defaultSystemPrompt: string | null;
	/** For requests that bring none; null for the server's own. */
	readonly defaultTemperature: number | null;
	/** `catalogue`: ships with LMX; `installed`: in the model folder; `file`: named by its path. */
	readonly source: "catalogue" | "installed" | "file";
	/** Where it came from, such as `hf:user/repo:Q4_K_M`; null when that is not known. */
	readonly origin: string | null;
}

/** The models on this machine. */
export interface ModelLibrary {
	list(): readonly InstalledModel[];
	/** By id, case-insensitive; undefined when it is not here. */
	find(id: string): InstalledModel | undefined;
	/**
	 * Why a name is no model that can be loaded, in a sentence with what to do: damaged, to be downloaded, or unknown.
	 * `otherNames`: models that other servers run.
	 */
	explainMissing(id: string, otherNames?: readonly string[]): string;
	/**
	 * Compares the files with their published SHA-256, which reads each once: later only size and time are looked at.
	 * Null when all is well, else one line that says what to do. Rejects when the files cannot be read, or the signal aborts.
	 */
	verify(model: InstalledModel, options?: VerifyOptions): Promise<string | null>;
	/** Takes in a model that was just published and whose files were read and checked. */
	welcome(id: string): Promise<void>;
	/** Looks at the disk again; settles when `list` is up to date. */
	refresh(): Promise<void>;
	/** Deletes a model of the model folder; those that ship with LMX or were named by path are refused. It must be unloaded. */
	remove(id: string): Promise<Answer<{ readonly freedBytes: number }>>;
}
