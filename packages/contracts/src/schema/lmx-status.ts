import { z } from "zod";
import { modelStates } from "./lmx-models.ts";

/** Counters of a model's steps since it was loaded; two readings tell what happened between. */
export const stepCountersSchema = z.object({
	/** Steps in which at least one answer got a token. */
	generating: z.int(),
	/** Answers that got a token, summed over those steps. */
	answers: z.int(),
	/** Tokens of prompts that were computed, not taken from the cache. */
	promptTokens: z.int(),
	/** Time inside the inference library's decode call. */
	decodeMs: z.number(),
	/** Time with work to do: decoding and everything beside it. */
	workMs: z.number(),
});

/** Memory of a model beyond an empty process: what was predicted before it was loaded, part by part, and what it really took. */
export const modelMemorySchema = z.object({
	predictedBytes: z.int(),
	weightBytes: z.int(),
	/** Keys and values of the whole context. */
	cacheBytes: z.int(),
	/** Intermediate results of a step. */
	computeBytes: z.int(),
	/** Vocabulary, library, and what answering needs. */
	overheadBytes: z.int(),
	/** Null until it was loaded. */
	realBytes: z.int().nullable(),
	/** How far the prediction was above (or, below zero, under) what was taken. */
	errorPercent: z.number().nullable(),
});

/** What LMX tells about one model that it has loaded or tried to load. Rates are null until something was measured. */
export const loadedModelSchema = z.object({
	id: z.string(),
	state: z.enum(modelStates),
	/** Why the model is not ready, in one sentence. */
	reason: z.string().nullable(),
	contextTokens: z.int().nullable(),
	sequences: z.int().nullable(),
	threads: z.int().nullable(),
	/** Resident memory of the model's process. */
	ramBytes: z.int().nullable(),
	/** Null for a model that could not be loaded, and for one on another server. */
	memory: modelMemorySchema.nullable(),
	/** Never unloaded to make room, nor when idle. */
	pinned: z.boolean(),
	/** When it is unloaded if nobody asks for it; null while it answers, or when it stays. */
	expiresAt: z.iso.datetime().nullable(),
	activeRequests: z.int(),
	queuedRequests: z.int(),
	/** Generated tokens per second over all streams, in the last seconds with work. */
	tokensPerSecond: z.number().nullable(),
	promptTokensPerSecond: z.number().nullable(),
	/** How long a request that comes now would wait for a place; null while nothing was measured. */
	expectedWaitMs: z.number().nullable(),
	steps: stepCountersSchema,
	/** The weights were converted to Q8_0 for this processor: faster, larger than in the file, and as precise. */
	preparedWeights: z.boolean().optional(),
	restarts: z.int(),
	loadedAt: z.iso.datetime().nullable(),
});

/** Answer of `GET /admin/status`. The snake_case fields are the seeds' own, kept word for word. */
export const lmxStatusSchema = z.object({
	memory: z.object({
		available_gb: z.number(),
		used_percent: z.number(),
		loaded_models: z.array(z.string()),
		/** What the bytes count: main memory, video memory, or both in one. */
		base: z.enum(["ram", "vram", "unified"]),
		totalBytes: z.int(),
		availableBytes: z.int(),
		/** What all models together may take now, and what they take or will take once they are loaded. */
		capacityBytes: z.int(),
		committedBytes: z.int(),
	}),
	performance: z.object({
		avg_tokens_per_sec: z.number(),
		concurrent_requests: z.int(),
		queuedRequests: z.int(),
	}),
	models: z.array(loadedModelSchema),
	build: z.string(),
	api: z.object({ lmx: z.int(), daemon: z.int(), gateway: z.int() }),
	uptimeMs: z.int(),
	/** What the owner of this host should know and change, in sentences. */
	warnings: z.array(z.string()),
});

/** Answer of `GET /healthz` and `GET /readyz`. */
export const healthSchema = z.object({
	status: z.enum(["ok", "starting", "unhealthy"]),
	reason: z.string().optional(),
	build: z.string(),
	api: z.object({ lmx: z.int(), daemon: z.int(), gateway: z.int() }),
});

/** Answer of `GET /admin/status`. */
export type LmxStatus = z.infer<typeof lmxStatusSchema>;
/** Counters of a model's steps. */
export type StepCounters = z.infer<typeof stepCountersSchema>;
/** Memory of a model, predicted and real. */
export type ModelMemory = z.infer<typeof modelMemorySchema>;
/** One model in `GET /admin/status`. */
export type LoadedModel = z.infer<typeof loadedModelSchema>;
/** Answer of the health routes. */
export type Health = z.infer<typeof healthSchema>;
