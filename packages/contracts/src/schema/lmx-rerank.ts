import { z } from "zod";
import { keepAliveSchema } from "./lmx-chat.ts";
import { inputUsageSchema } from "./lmx-embeddings.ts";

/** Most documents that one request may bring. */
export const rerankDocumentLimit = 1000;

/** Body of `POST /v1/rerank`, in the shape that Jina and Cohere share. */
export const rerankRequestSchema = z.strictObject({
	model: z.string().min(1).optional(),
	query: z.string().min(1),
	documents: z
		.array(z.union([z.string(), z.strictObject({ text: z.string() })]))
		.min(1)
		.max(rerankDocumentLimit),
	top_n: z.int().min(1).nullish().describe("Only the best ones; all where none is given."),
	return_documents: z.boolean().nullish().describe("Sends the documents back beside their scores."),
	keep_alive: keepAliveSchema.nullish(),
});

/** Answer of `POST /v1/rerank`: the best document first; `index` is its place in the request. */
export const rerankResponseSchema = z.object({
	id: z.string(),
	object: z.literal("list"),
	model: z.string(),
	results: z.array(z.object({ index: z.int(), relevance_score: z.number(), document: z.object({ text: z.string() }).optional() })),
	usage: inputUsageSchema,
});

/** Body of a request. */
export type RerankRequest = z.infer<typeof rerankRequestSchema>;
/** Answer with the scores. */
export type RerankResponse = z.infer<typeof rerankResponseSchema>;
