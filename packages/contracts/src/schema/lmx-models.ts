import { z } from "zod";

/** Life of a model in LMX: not asked for yet, starting, answering, or given up with a reason. */
export const modelStates = ["unloaded", "loading", "ready", "restarting", "failed"] as const;

/** One entry of `GET /v1/models`, a model or a preset: the OpenAI shape, and LMX's own facts under `opta`. */
export const modelEntrySchema = z.object({
	id: z.string(),
	object: z.literal("model"),
	created: z.int(),
	owned_by: z.string(),
	opta: z.object({
		title: z.string(),
		state: z.enum(modelStates),
		/** Used for requests that bring no system message. */
		defaultSystemPrompt: z.string().nullable(),
		contextTokens: z.int().nullable(),
		/** Null for a preset, and for a model that another server runs. */
		fileBytes: z.int().nullable(),
		licence: z.string().nullable(),
		/** For a preset, the model or skill that it names, or `auto`; the other facts are those of the model that would answer. Null for a model. */
		preset: z.object({ model: z.string() }).nullable(),
	}),
});

/** Answer of `GET /v1/models`. */
export const modelListSchema = z.object({ object: z.literal("list"), data: z.array(modelEntrySchema) });

/** One entry of `GET /v1/models`. */
export type ModelEntry = z.infer<typeof modelEntrySchema>;
/** Answer of `GET /v1/models`. */
export type ModelList = z.infer<typeof modelListSchema>;
/** State of a model in LMX. */
export type ModelState = (typeof modelStates)[number];
