import { z } from "zod";

const textPartSchema = z.strictObject({ type: z.literal("text"), text: z.string() });

/** One message of a chat: text, or text parts that are joined. */
export const chatMessageSchema = z.strictObject({
	role: z.enum(["system", "developer", "user", "assistant"]),
	content: z.union([z.string(), z.array(textPartSchema).min(1)]),
	name: z.string().max(64).optional(),
});

/**
 * Body of `POST /v1/chat/completions`: the parameters of the OpenAI reference that LMX honours, plus
 * `top_k` and `min_p`. Anything else is refused with its name.
 */
export const chatRequestSchema = z.strictObject({
	/** Omitted or `auto`: the best loaded model, else the configured default. */
	model: z.string().min(1).optional(),
	messages: z.array(chatMessageSchema).min(1),
	stream: z.boolean().nullish(),
	stream_options: z.strictObject({ include_usage: z.boolean().optional() }).nullish(),
	max_tokens: z.int().min(1).nullish(),
	max_completion_tokens: z.int().min(1).nullish(),
	temperature: z.number().min(0).max(2).nullish(),
	top_p: z.number().gt(0).max(1).nullish(),
	top_k: z.int().min(0).nullish(),
	min_p: z.number().min(0).max(1).nullish(),
	seed: z.int().min(0).max(4_294_967_295).nullish(),
	stop: z.union([z.string().min(1), z.array(z.string().min(1)).max(16)]).nullish(),
	n: z.literal(1).nullish(),
	user: z.string().nullish(),
	metadata: z.record(z.string(), z.string()).nullish(),
});

/** Why generation ended: a stop token or string, or the token limit. */
export const finishReasons = ["stop", "length"] as const;

/** Token counts of a request; `cached_tokens` were taken from an earlier prompt without computing. */
export const usageSchema = z.object({
	prompt_tokens: z.int(),
	completion_tokens: z.int(),
	total_tokens: z.int(),
	prompt_tokens_details: z.object({ cached_tokens: z.int() }),
});

/** Engine's own times, in the shape that llama-server uses. Waiting in the queue is not part of them. */
export const timingsSchema = z.object({
	prompt_n: z.int(),
	prompt_ms: z.number(),
	prompt_per_second: z.number(),
	predicted_n: z.int(),
	predicted_ms: z.number(),
	predicted_per_second: z.number(),
});

/** Answer of `POST /v1/chat/completions` without `stream`. */
export const chatCompletionSchema = z.object({
	id: z.string(),
	object: z.literal("chat.completion"),
	created: z.int(),
	model: z.string(),
	choices: z.array(
		z.object({
			index: z.int(),
			message: z.object({ role: z.literal("assistant"), content: z.string(), refusal: z.null() }),
			logprobs: z.null(),
			finish_reason: z.enum(finishReasons),
		}),
	),
	usage: usageSchema,
	timings: timingsSchema,
});

/** One event of a streamed answer. The last one with choices carries `finish_reason` and `timings`. */
export const chatChunkSchema = z.object({
	id: z.string(),
	object: z.literal("chat.completion.chunk"),
	created: z.int(),
	model: z.string(),
	choices: z.array(
		z.object({
			index: z.int(),
			delta: z.object({ role: z.literal("assistant").optional(), content: z.string().optional() }),
			logprobs: z.null(),
			finish_reason: z.enum(finishReasons).nullable(),
		}),
	),
	usage: usageSchema.nullish(),
	timings: timingsSchema.optional(),
});

/** One message of a chat. */
export type ChatMessage = z.infer<typeof chatMessageSchema>;
/** Body of a chat request. */
export type ChatRequest = z.infer<typeof chatRequestSchema>;
/** A whole answer. */
export type ChatCompletion = z.infer<typeof chatCompletionSchema>;
/** One event of a streamed answer. */
export type ChatChunk = z.infer<typeof chatChunkSchema>;
/** Token counts. */
export type Usage = z.infer<typeof usageSchema>;
/** Engine's own times. */
export type Timings = z.infer<typeof timingsSchema>;
/** Why generation ended. */
export type FinishReason = (typeof finishReasons)[number];
