import { z } from "zod";
import { keepAliveSchema } from "./lmx-chat.ts";

const tokenIds = z.array(z.int().min(0)).min(1);

/** Most inputs that one request may bring, as the OpenAI reference has it. */
export const embeddingInputLimit = 2048;

/** Body of `POST /v1/embeddings` (OpenAI API reference, embeddings). */
export const embeddingRequestSchema = z.strictObject({
	model: z.string().min(1).optional(),
	/** A text, several texts, a text as token ids, or several of these. */
	input: z.union([
		z.string().min(1),
		z.array(z.string().min(1)).min(1).max(embeddingInputLimit),
		tokenIds,
		z.array(tokenIds).min(1).max(embeddingInputLimit),
	]),
	encoding_format: z.enum(["float", "base64"]).nullish().describe("`base64`: little-endian 32-bit floats."),
	dimensions: z.int().min(1).nullish().describe("Keeps the first ones and brings the vector back to length 1; for models trained for it."),
	keep_alive: keepAliveSchema.nullish(),
	user: z.string().nullish(),
});

/** Tokens of a request that generates nothing. */
export const inputUsageSchema = z.object({ prompt_tokens: z.int(), total_tokens: z.int() });

/** Answer of `POST /v1/embeddings`. */
export const embeddingResponseSchema = z.object({
	object: z.literal("list"),
	data: z.array(z.object({ object: z.literal("embedding"), index: z.int(), embedding: z.union([z.array(z.number()), z.string()]) })),
	model: z.string(),
	usage: inputUsageSchema,
});

/** Body of a request. */
export type EmbeddingRequest = z.infer<typeof embeddingRequestSchema>;
/** Answer with the vectors. */
export type EmbeddingResponse = z.infer<typeof embeddingResponseSchema>;
