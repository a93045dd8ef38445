import { z } from "zod";
import { type ErrorCode, errorStatus } from "../error-codes.ts";
import { quantisations } from "../quantisations.ts";
import { jobStates } from "./lmx-events.ts";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "must be 64 hexadecimal digits in lower case");

/** Name that a model will have, which is a folder too. */
const newModelId = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,127}$/, "must be lower-case letters, digits, dots, dashes and underscores");

/** Body of `POST /admin/models/download` and `POST /admin/downloads`. */
export const downloadRequestSchema = z.strictObject({
	/** `hf:user/repo`, `hf:user/repo:quant`, a name of the catalogue, or the https address of a GGUF file. */
	model: z.string().min(1).max(2048),
	/** Null or omitted: from the name of the file or the repository. */
	id: newModelId.nullish(),
	/** Branch, tag or commit of a repository; the default is `main`. */
	revision: z
		.string()
		.regex(/^[\w][\w./-]{0,127}$/)
		.nullish(),
	/** What the file at an address must have; a repository states its own. */
	sha256: sha256.nullish(),
});

/** Query of the older spelling, `POST /admin/model/download?model_id=`. */
export const oldDownloadQuerySchema = z.strictObject({ model_id: z.string().min(1).max(2048) });

/** Body of `POST /admin/quantize`. */
export const quantizeRequestSchema = z.strictObject({
	/** Id of the model to quantise. */
	model: z.string().min(1).max(128),
	type: z.enum(quantisations),
	/** Null or omitted: the source's, with the type behind it. */
	id: newModelId.nullish(),
	/** A model that is quantised already loses more than the new type says; so it has to be asked for. */
	allowRequantize: z.boolean().nullish(),
	/** Null or omitted: all cores but one. */
	threads: z.int().min(1).max(512).nullish(),
});

/** Body of `POST /admin/bench`. */
export const benchRequestSchema = z.strictObject({
	/** `auto`: as in a chat. */
	model: z.string().min(1).max(128),
	promptTokens: z.int().min(1).max(100_000).nullish(),
	generatedTokens: z.int().min(2).max(10_000).nullish(),
	/** Answers at the same time. */
	batchSizes: z.array(z.int().min(1).max(64)).min(1).max(8).nullish(),
});

/** How far a job is; null where that cannot be known. */
export const jobProgressSchema = z.object({
	doneBytes: z.int().nullable(),
	totalBytes: z.int().nullable(),
	bytesPerSecond: z.number().nullable(),
	etaMs: z.int().nullable(),
	/** 0 to 1. */
	fraction: z.number().min(0).max(1).nullable(),
	/** What is being done, in a few words. */
	message: z.string().nullable(),
});

/** A file of a model with what arrived. */
const fileResultSchema = z.object({ name: z.string(), bytes: z.int(), sha256 });

/** What a finished download brought. */
export const downloadResultSchema = z.object({
	modelId: z.string(),
	fileBytes: z.int(),
	files: z.array(fileResultSchema),
	/** False where nobody published a SHA-256 to compare with: the model is there, unverified. */
	verified: z.boolean(),
});

/** What a finished quantisation made. Perplexities are of the same short text; lower is better. */
export const quantizeResultSchema = z.object({
	modelId: z.string(),
	type: z.enum(quantisations),
	sourceBytes: z.int(),
	fileBytes: z.int(),
	sha256,
	sourcePerplexity: z.number(),
	perplexity: z.number(),
	/** Tokens of that text that were measured. */
	perplexityTokens: z.int(),
	elapsedMs: z.number(),
});

/** Speeds at one batch size; `Total` are of all answers together. */
export const benchPointSchema = z.object({
	batchSize: z.int(),
	promptTokens: z.int(),
	generatedTokens: z.int(),
	promptTokensPerSecondTotal: z.number(),
	generatedTokensPerSecond: z.number(),
	generatedTokensPerSecondTotal: z.number(),
	firstTokenMs: z.number(),
});

/** What a finished bench measured. */
export const benchResultSchema = z.object({
	modelId: z.string(),
	quantisation: z.string().nullable(),
	contextTokens: z.int(),
	points: z.array(benchPointSchema),
});

const common = {
	id: z.uuid(),
	state: z.enum(jobStates),
	/** The model that is made, or measured. */
	model: z.string(),
	progress: jobProgressSchema,
	error: z
		.object({
			code: z.enum(Object.keys(errorStatus) as ErrorCode[]),
			message: z.string(),
			param: z.string().optional(),
			details: z.record(z.string(), z.unknown()).optional(),
		})
		.nullable(),
	createdAt: z.iso.datetime(),
	startedAt: z.iso.datetime().nullable(),
	finishedAt: z.iso.datetime().nullable(),
};

/** A download. */
export const downloadJobSchema = z.object({
	kind: z.literal("download"),
	...common,
	request: downloadRequestSchema,
	result: downloadResultSchema.nullable(),
});

/** A quantisation. */
export const quantizeJobSchema = z.object({
	kind: z.literal("quantize"),
	...common,
	request: quantizeRequestSchema,
	result: quantizeResultSchema.nullable(),
});

/** A measurement of speed. */
export const benchJobSchema = z.object({
	kind: z.literal("bench"),
	...common,
	request: benchRequestSchema,
	result: benchResultSchema.nullable(),
});

/** A job of any kind. */
export const jobSchema = z.discriminatedUnion("kind", [downloadJobSchema, quantizeJobSchema, benchJobSchema]);

/** Answer of `GET /admin/downloads`, newest first. */
export const downloadListSchema = z.object({ jobs: z.array(downloadJobSchema) });
/** Answer of `GET /admin/quantize`, newest first. */
export const quantizeListSchema = z.object({ jobs: z.array(quantizeJobSchema) });
/** Answer of `GET /admin/bench`, newest first; `?model=` keeps those of one model. */
export const benchListSchema = z.object({ jobs: z.array(benchJobSchema) });

/** A job of any kind. */
export type Job = z.infer<typeof jobSchema>;
/** How far a job is. */
export type JobProgress = z.infer<typeof jobProgressSchema>;
/** What to download. */
export type DownloadRequest = z.infer<typeof downloadRequestSchema>;
/** What to quantise. */
export type QuantizeRequest = z.infer<typeof quantizeRequestSchema>;
/** What to measure. */
export type BenchRequest = z.infer<typeof benchRequestSchema>;
/** What a finished download brought. */
export type DownloadResult = z.infer<typeof downloadResultSchema>;
/** What a finished quantisation made. */
export type QuantizeResult = z.infer<typeof quantizeResultSchema>;
/** Speeds at one batch size. */
export type BenchPoint = z.infer<typeof benchPointSchema>;
/** What a finished bench measured. */
export type BenchResult = z.infer<typeof benchResultSchema>;
