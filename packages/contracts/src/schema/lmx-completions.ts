import { z } from "zod";
import { keepAliveSchema, samplingShape, timingsSchema, usageSchema } from "./lmx-chat.ts";
import { notSupported } from "./not-supported.ts";

const tokenIds = z.array(z.int().min(0)).min(1);

/** Most prompts that one request may bring. */
export const completionPromptLimit = 128;

/** A text, several texts, a text as token ids, or several of these. */
export const promptSchema = z.union([
	z.string(),
	z.array(z.string()).min(1).max(completionPromptLimit),
	tokenIds,
	z.array(tokenIds).min(1).max(completionPromptLimit),
]);

/** Body of `POST /v1/completions` (OpenAI API reference, legacy completions), with LMX's sampling parameters. */
export const completionRequestSchema = z.strictObject({
	model: z.string().min(1).optional().describe("Omitted or `auto`: the best loaded model, else the configured default."),
	prompt: promptSchema,
	suffix: z.string().nullish().describe("Text after the gap, for models that fill in the middle."),
	echo: z.boolean().nullish().describe("The answer begins with the prompt."),
	max_tokens: z.int().min(1).nullish().describe("16 where none is given, as the reference says."),
	logprobs: z.int().min(0).max(20).nullish().describe("Alternatives to report beside every token."),
	n: z.int().min(1).max(16).nullish(),
	best_of: notSupported('LMX throws no completion away. Ask for several with "n" and choose.'),
	...samplingShape,
	stream: z.boolean().nullish(),
	stream_options: z.strictObject({ include_usage: z.boolean().optional(), include_obfuscation: z.literal(false).optional() }).nullish(),
	keep_alive: keepAliveSchema.nullish(),
	user: z.string().nullish(),
});

/** Probabilities in the legacy shape: four lists of one length. */
export const completionLogprobsSchema = z.object({
	tokens: z.array(z.string()),
	token_logprobs: z.array(z.number()),
	top_logprobs: z.array(z.record(z.string(), z.number())).describe("The alternatives' natural-logarithm probabilities by their text."),
	text_offset: z.array(z.int()).describe("Where each token begins in the choice's text, in characters."),
});

/** A whole answer; an event of a streamed one has the same shape, without a reason to end until the last. */
export const completionSchema = z.object({
	id: z.string(),
	object: z.literal("text_completion"),
	created: z.int(),
	model: z.string(),
	/** `index` counts the choices of the first prompt, then those of the second. */
	choices: z.array(
		z.object({
			index: z.int(),
			text: z.string(),
			logprobs: completionLogprobsSchema.nullable(),
			finish_reason: z.enum(["stop", "length"]).nullable(),
		}),
	),
	usage: usageSchema.nullish(),
	timings: timingsSchema.optional(),
});

/** Body of a request. */
export type CompletionRequest = z.infer<typeof completionRequestSchema>;
/** A whole answer, or an event of a streamed one. */
export type Completion = z.infer<typeof completionSchema>;
/** Probabilities in the legacy shape. */
export type CompletionLogprobs = z.infer<typeof completionLogprobsSchema>;
