import { z } from "zod";
import { modelOptionsSchema } from "./lmx-config.ts";
import { modelStates } from "./lmx-models.ts";
import { loadedModelSchema, modelMemorySchema } from "./lmx-status.ts";

/** Body of `POST /admin/models/load`. What is left out is as in the configuration. */
export const modelLoadRequestSchema = modelOptionsSchema.omit({ speculation: true }).extend({
	model: z.string().min(1),
	/** A smaller model that drafts tokens; null: none. */
	draft: z.string().min(1).nullish(),
	/** Drafts tokens from the prompt. */
	promptLookup: z.boolean().optional(),
});

/** Query of the routes that take a while: `wait=true` answers when it is done, else at once with 202. */
export const waitQuerySchema = z.strictObject({ wait: z.stringbool().default(false) });

/** Body of `POST /admin/models/unload`. */
export const modelUnloadRequestSchema = z.strictObject({
	model: z.string().min(1),
	/** `drain` lets open requests end first; `now` ends them with an error. */
	mode: z.enum(["drain", "now"]).default("drain"),
});

/** Where a model stands after it was asked to load or unload. */
export const modelTransitionSchema = z.object({ model: z.string(), state: z.enum(modelStates), loaded: loadedModelSchema.nullable() });

/** What a model would take, and what would have to be done for it. */
export const modelEstimateSchema = z.object({
	model: z.string(),
	memory: modelMemorySchema,
	/** What all models together may take now, and what of it is free or taken by idle models. */
	capacityBytes: z.int(),
	availableBytes: z.int(),
	evictableBytes: z.int(),
	/** `wait`: once busy models are idle; `refuse`: never as things are. */
	outcome: z.enum(["fits", "evicts", "wait", "refuse"]),
	/** Models that would be unloaded, or waited for. */
	models: z.array(z.string()),
});

/** One model of this machine, loaded or on disk. */
export const adminModelSchema = z.object({
	id: z.string(),
	title: z.string(),
	format: z.enum(["gguf", "mlx"]),
	/** `catalogue`: ships with LMX; `installed`: in the model folder; `file`: named by its path. */
	source: z.enum(["catalogue", "installed", "file"]),
	origin: z.string().nullable(),
	fileBytes: z.int(),
	quantisation: z.string().nullable(),
	architecture: z.string().nullable(),
	parameters: z.number().nullable(),
	trainedContextTokens: z.int().nullable(),
	licence: z.string().nullable(),
	/** Of the first file, as published. */
	sha256: z.string().nullable(),
	modifiedAt: z.iso.datetime(),
	state: z.enum(modelStates),
	/** Loaded when nothing is and a request names no model. */
	isDefault: z.boolean(),
	isDeletable: z.boolean(),
	/** Null while it has no place in memory. */
	loaded: loadedModelSchema.nullable(),
	/** With the options of the configuration; null when the file cannot be read. */
	predictedBytes: z.int().nullable(),
});

/** Answer of `GET /admin/models`. */
export const adminModelListSchema = z.object({
	models: z.array(adminModelSchema),
	/** What lies in the model folder but cannot be used, and why. */
	problems: z.array(z.object({ name: z.string(), reason: z.string() })),
});

/** Query of `DELETE /admin/models/:id`. */
export const modelDeleteQuerySchema = z.strictObject({
	/** Ends the open requests of the model with an error. */
	force: z.stringbool().default(false),
});

/** Answer of `DELETE /admin/models/:id`. */
export const modelDeletedSchema = z.object({ model: z.string(), freedBytes: z.int() });

/** Body of `POST /admin/models/load`. */
export type ModelLoadRequest = z.output<typeof modelLoadRequestSchema>;
/** One model of this machine. */
export type AdminModel = z.infer<typeof adminModelSchema>;
/** What a model would take. */
export type ModelEstimate = z.infer<typeof modelEstimateSchema>;
