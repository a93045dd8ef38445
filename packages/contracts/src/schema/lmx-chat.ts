import { z } from "zod";

const textPartSchema = z.strictObject({ type: z.literal("text"), text: z.string() });

/** Refused with a sentence that says that the model has no vision; known here so that the sentence can name it. */
const imagePartSchema = z.strictObject({
	type: z.literal("image_url"),
	image_url: z.strictObject({ url: z.string(), detail: z.enum(["auto", "low", "high"]).optional() }),
});

const contentSchema = z.union([z.string(), z.array(z.discriminatedUnion("type", [textPartSchema, imagePartSchema])).min(1)]);
const name = z.string().max(64).optional();

/** A call of a function by the model; `arguments` is a JSON text. */
export const toolCallSchema = z.strictObject({
	id: z.string(),
	type: z.literal("function"),
	function: z.strictObject({ name: z.string(), arguments: z.string() }),
});

/** One message of a chat: text, or parts that are joined. */
export const chatMessageSchema = z.discriminatedUnion("role", [
	z.strictObject({ role: z.enum(["system", "developer", "user"]), content: contentSchema, name }),
	z.strictObject({
		role: z.literal("assistant"),
		content: contentSchema.nullish(),
		reasoning_content: z.string().nullish(),
		refusal: z.string().nullish(),
		tool_calls: z.array(toolCallSchema).min(1).nullish(),
		name,
	}),
	z.strictObject({ role: z.literal("tool"), content: contentSchema, tool_call_id: z.string() }),
]);

const functionName = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/);
const jsonSchemaObject = z.record(z.string(), z.unknown());

/** A function that the model may call. */
export const chatToolSchema = z.strictObject({
	type: z.literal("function"),
	function: z.strictObject({
		name: functionName,
		description: z.string().optional(),
		parameters: jsonSchemaObject.optional(),
		strict: z.boolean().nullish(),
	}),
});

/** An MCP server of the configuration, whose tools LMX calls itself. */
export const mcpToolSchema = z.strictObject({
	type: z.literal("mcp"),
	server_label: functionName,
	allowed_tools: z.array(z.string()).nullish(),
});

/** Which tool the model must, may or must not call. */
export const toolChoiceSchema = z.union([
	z.enum(["none", "auto", "required"]),
	z.strictObject({ type: z.literal("function"), function: z.strictObject({ name: functionName }) }),
]);

/** The form that the answer must have. */
export const responseFormatSchema = z.discriminatedUnion("type", [
	z.strictObject({ type: z.literal("text") }),
	z.strictObject({ type: z.literal("json_object") }),
	z.strictObject({
		type: z.literal("json_schema"),
		json_schema: z.strictObject({
			name: functionName,
			description: z.string().optional(),
			schema: jsonSchemaObject.optional(),
			strict: z.boolean().nullish(),
		}),
	}),
]);

/** How long a model that thinks may think. */
export const reasoningEfforts = ["none", "minimal", "low", "medium", "high"] as const;

/** How tokens are drawn; shared by all routes that generate. */
export const samplingShape = {
	temperature: z.number().min(0).max(2).nullish(),
	top_p: z.number().gt(0).max(1).nullish(),
	top_k: z.int().min(0).nullish(),
	min_p: z.number().min(0).max(1).nullish(),
	frequency_penalty: z.number().min(-2).max(2).nullish(),
	presence_penalty: z.number().min(-2).max(2).nullish(),
	repeat_penalty: z
		.number()
		.gt(0)
		.max(4)
		.nullish()
		.describe("Divides the scores of recent tokens, as llama.cpp's `repeat_penalty`; 1 is off."),
	logit_bias: z
		.record(z.string().regex(/^\d+$/), z.number().min(-100).max(100))
		.nullish()
		.describe("Token ids with what is added to their score."),
	seed: z.int().min(0).max(4_294_967_295).nullish(),
	stop: z.union([z.string().min(1), z.array(z.string().min(1)).max(16)]).nullish(),
	grammar: z.string().min(1).nullish().describe("GBNF grammar that the answer must follow."),
};

/** How long a model stays loaded after this request. */
export const keepAliveSchema = z
	.union([z.number(), z.string().regex(/^-?\d+(\.\d+)?(ms|s|m|h)?$/)])
	.describe("How long the model stays loaded after this request: seconds, a duration such as `5m`, 0 to unload at once, -1 for ever.");

/**
 * Body of `POST /v1/chat/completions`: the parameters of the OpenAI reference that LMX honours, plus its own
 * (`top_k`, `min_p`, `repeat_penalty`, `grammar`, `reasoning_budget_tokens`, `keep_alive`, `return_progress`). Anything else is refused with its name.
 */
export const chatRequestSchema = z.strictObject({
	model: z.string().min(1).optional().describe("Omitted or `auto`: the best loaded model, else the configured default."),
	messages: z.array(chatMessageSchema).min(1),
	stream: z.boolean().nullish(),
	stream_options: z.strictObject({ include_usage: z.boolean().optional(), include_obfuscation: z.literal(false).optional() }).nullish(),
	return_progress: z
		.boolean()
		.nullish()
		.describe("Tells in the stream how far the reading of the prompt is, as llama-server does; for streamed answers only."),
	max_tokens: z.int().min(1).nullish(),
	max_completion_tokens: z.int().min(1).nullish(),
	...samplingShape,
	n: z.int().min(1).max(16).nullish(),
	logprobs: z.boolean().nullish(),
	top_logprobs: z.int().min(0).max(20).nullish(),
	tools: z.array(z.discriminatedUnion("type", [chatToolSchema, mcpToolSchema])).nullish(),
	tool_choice: toolChoiceSchema.nullish(),
	parallel_tool_calls: z.boolean().nullish(),
	response_format: responseFormatSchema.nullish(),
	reasoning_effort: z.enum(reasoningEfforts).nullish(),
	reasoning_budget_tokens: z.int().min(0).nullish(),
	chat_template_kwargs: jsonSchemaObject.nullish().describe("Variables for the model's chat template."),
	keep_alive: keepAliveSchema.nullish(),
	user: z.string().nullish(),
	safety_identifier: z.string().nullish(),
	prompt_cache_key: z.string().nullish(),
	store: z.literal(false).nullish(),
	metadata: z.record(z.string(), z.string()).nullish(),
});

/** Why generation ended: a stop token or string, the token limit, or calls of tools. */
export const finishReasons = ["stop", "length", "tool_calls"] as const;

/** A token with its natural-logarithm probability and UTF-8 bytes, as the OpenAI reference has it. */
const plainLogprobSchema = z.object({ token: z.string(), logprob: z.number(), bytes: z.array(z.int()).nullable() });

/** A generated token and the most likely ones in its place. */
export const tokenLogprobSchema = plainLogprobSchema.extend({ top_logprobs: z.array(plainLogprobSchema) });

/** Probabilities of the tokens of an answer. */
export const logprobsSchema = z.object({ content: z.array(tokenLogprobSchema).nullable(), refusal: z.null() });

/** Token counts of a request; `cached_tokens` were taken from an earlier prompt without computing. */
export const usageSchema = z.object({
	prompt_tokens: z.int(),
	completion_tokens: z.int(),
	total_tokens: z.int(),
	prompt_tokens_details: z.object({ cached_tokens: z.int() }),
	completion_tokens_details: z
		.object({
			reasoning_tokens: z.int(),
			accepted_prediction_tokens: z.int().describe("Of the drafted tokens, kept and thrown away."),
			rejected_prediction_tokens: z.int(),
		})
		.optional(),
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

/** How far the reading of a prompt is, in the shape that llama-server uses: tokens, and milliseconds since it was begun. */
export const promptProgressSchema = z.object({
	total: z.int(),
	cache: z.int().describe("Of the total, taken from the cache."),
	processed: z.int().describe("Read so far, those of the cache included."),
	time_ms: z.number(),
});

/** What becomes of a call that LMX makes itself to an MCP server. */
export const mcpCallStates = ["in_progress", "completed", "failed"] as const;

/** A call of a tool of an MCP server, made by LMX: told once when it begins, with the arguments, and once when it ends, with the output. */
export const mcpCallSchema = z.object({
	id: z.string(),
	server_label: z.string(),
	name: z.string(),
	arguments: z.string().describe("A JSON text."),
	status: z.enum(mcpCallStates),
	output: z.string().nullable().describe("What the model reads; null until the call has ended."),
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
			message: z.object({
				role: z.literal("assistant"),
				content: z.string().nullable(),
				reasoning_content: z.string().optional(),
				refusal: z.null(),
				tool_calls: z.array(toolCallSchema).optional(),
				mcp_calls: z
					.array(mcpCallSchema)
					.optional()
					.describe("An extension: calls that LMX made itself, in the order in which they were made."),
			}),
			logprobs: logprobsSchema.nullable(),
			finish_reason: z.enum(finishReasons),
		}),
	),
	usage: usageSchema,
	timings: timingsSchema.optional(),
});

/** A piece of a streamed tool call: the first piece of an index brings id and name, the next ones pieces of the arguments. */
export const toolCallDeltaSchema = z.object({
	index: z.int(),
	id: z.string().optional(),
	type: z.literal("function").optional(),
	function: z.object({ name: z.string().optional(), arguments: z.string().optional() }),
});

/** What one event adds to a choice. */
export const chatDeltaSchema = z.object({
	role: z.literal("assistant").optional(),
	content: z.string().optional(),
	reasoning_content: z.string().optional(),
	tool_calls: z.array(toolCallDeltaSchema).optional(),
	mcp_calls: z
		.array(mcpCallSchema)
		.optional()
		.describe("An extension: calls that LMX makes itself. The same id comes again when a call has ended."),
});

/** One event of a streamed answer. The last one with choices carries `finish_reason` and `timings`; one with `prompt_progress` has no choices. */
export const chatChunkSchema = z.object({
	id: z.string(),
	object: z.literal("chat.completion.chunk"),
	created: z.int(),
	model: z.string(),
	choices: z.array(
		z.object({
			index: z.int(),
			delta: chatDeltaSchema,
			logprobs: logprobsSchema.nullable(),
			finish_reason: z.enum(finishReasons).nullable(),
		}),
	),
	usage: usageSchema.nullish(),
	timings: timingsSchema.optional(),
	prompt_progress: promptProgressSchema.optional(),
});

/** One message of a chat. */
export type ChatMessage = z.infer<typeof chatMessageSchema>;
/** Content of a message. */
export type ChatContent = z.infer<typeof contentSchema>;
/** Body of a chat request. */
export type ChatRequest = z.infer<typeof chatRequestSchema>;
/** A function that the model may call. */
export type ChatTool = z.infer<typeof chatToolSchema>;
/** A call of a function. */
export type ToolCall = z.infer<typeof toolCallSchema>;
/** A piece of a streamed tool call. */
export type ToolCallDelta = z.infer<typeof toolCallDeltaSchema>;
/** The form that the answer must have. */
export type ResponseFormat = z.infer<typeof responseFormatSchema>;
/** A whole answer. */
export type ChatCompletion = z.infer<typeof chatCompletionSchema>;
/** One event of a streamed answer. */
export type ChatChunk = z.infer<typeof chatChunkSchema>;
/** A call of a tool of an MCP server, made by LMX. */
export type McpCall = z.infer<typeof mcpCallSchema>;
/** What one event adds to a choice. */
export type ChatDelta = z.infer<typeof chatDeltaSchema>;
/** A generated token with its probability. */
export type TokenLogprob = z.infer<typeof tokenLogprobSchema>;
/** Token counts. */
export type Usage = z.infer<typeof usageSchema>;
/** Engine's own times. */
export type Timings = z.infer<typeof timingsSchema>;
/** How far the reading of a prompt is. */
export type PromptProgress = z.infer<typeof promptProgressSchema>;
/** Why generation ended. */
export type FinishReason = (typeof finishReasons)[number];
