import { z } from "zod";
import { chatMessageSchema, chatToolSchema, keepAliveSchema } from "./lmx-chat.ts";

const wish = { model: z.string().min(1).optional(), keep_alive: keepAliveSchema.nullish() };

/** Body of `POST /tokenize`, in the shape of llama-server. */
export const tokenizeRequestSchema = z.strictObject({
	...wish,
	content: z.string(),
	add_special: z.boolean().optional().describe("Adds the token that begins a text, where the model has one."),
	parse_special: z.boolean().optional().describe("Reads control tokens such as `<|im_end|>` as such instead of as text."),
	with_pieces: z.boolean().optional().describe("Names each token's text too."),
});

/** Answer of `POST /tokenize`. */
export const tokenizeResponseSchema = z.object({
	tokens: z.union([z.array(z.int()), z.array(z.object({ id: z.int(), piece: z.string() }))]),
});

/** Body of `POST /detokenize`. */
export const detokenizeRequestSchema = z.strictObject({ ...wish, tokens: z.array(z.int().min(0)) });

/** Answer of `POST /detokenize`. */
export const detokenizeResponseSchema = z.object({ content: z.string() });

/** Body of `POST /apply-template`: what a chat request would give the model to read. */
export const applyTemplateRequestSchema = z.strictObject({
	...wish,
	messages: z.array(chatMessageSchema).min(1),
	tools: z.array(chatToolSchema).nullish(),
	chat_template_kwargs: z.record(z.string(), z.unknown()).nullish(),
});

/** Answer of `POST /apply-template`: the prompt as text, and its length. */
export const applyTemplateResponseSchema = z.object({ prompt: z.string(), prompt_tokens: z.int() });
