import { z } from "zod";
import { keepAliveSchema, samplingShape } from "./lmx-chat.ts";
import { notSupported } from "./not-supported.ts";

/** Accepted everywhere: LMX reuses every prefix by itself. */
const cached = { cache_control: z.looseObject({ type: z.literal("ephemeral") }).nullish() };
const toolName = z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/);

const textBlock = z.strictObject({
	type: z.literal("text"),
	text: z.string(),
	citations: z.array(z.never()).nullish(),
	...cached,
});
/** Known here so that its refusal can say why. */
const imageBlock = z.looseObject({ type: z.literal("image") });
const documentBlock = z.looseObject({ type: z.literal("document") });
const toolUseBlock = z.strictObject({
	type: z.literal("tool_use"),
	id: z.string(),
	name: z.string(),
	input: z.record(z.string(), z.unknown()),
	caller: z.looseObject({ type: z.literal("direct") }).nullish(),
	...cached,
});
const toolResultBlock = z.strictObject({
	type: z.literal("tool_result"),
	tool_use_id: z.string(),
	content: z.union([z.string(), z.array(z.discriminatedUnion("type", [textBlock, imageBlock, documentBlock]))]).optional(),
	is_error: z.boolean().nullish().describe("The model reads `Error: ` before the content."),
	...cached,
});
const thinkingBlock = z.strictObject({ type: z.literal("thinking"), thinking: z.string(), signature: z.string().optional() });
/** Encrypted thoughts of another server: the model is not shown them. */
const redactedBlock = z.strictObject({ type: z.literal("redacted_thinking"), data: z.string() });

/** One block of a message. */
export const messageBlockSchema = z.discriminatedUnion("type", [
	textBlock,
	imageBlock,
	documentBlock,
	toolUseBlock,
	toolResultBlock,
	thinkingBlock,
	redactedBlock,
]);

const systemSchema = z.union([z.string(), z.array(textBlock)]);

/** One message of the conversation. */
export const messageParamSchema = z.strictObject({
	role: z.enum(["user", "assistant", "system"]),
	content: z.union([z.string(), z.array(messageBlockSchema)]),
});

/** A tool that the model may call. */
export const messageToolSchema = z.strictObject({
	type: z.literal("custom", { error: () => "LMX has no tools of its own. Bring tools with an input_schema." }).nullish(),
	name: toolName,
	description: z.string().optional(),
	input_schema: z.record(z.string(), z.unknown()),
	strict: z.boolean().nullish(),
	eager_input_streaming: z.boolean().nullish().describe("Arguments are always streamed as they come."),
	...cached,
});

const parallel = { disable_parallel_tool_use: z.boolean().optional() };

/** Which tool the model must, may or must not call. */
export const messageToolChoiceSchema = z.discriminatedUnion("type", [
	z.strictObject({ type: z.literal("auto"), ...parallel }),
	z.strictObject({ type: z.literal("any"), ...parallel }),
	z.strictObject({ type: z.literal("tool"), name: toolName, ...parallel }),
	z.strictObject({ type: z.literal("none") }),
]);

const display = z.literal("summarized", { error: () => "Thoughts are always sent, as they are." }).nullish();

const conversation = {
	model: z.string().min(1).optional().describe("`auto`: the best loaded model, else the configured default."),
	messages: z.array(messageParamSchema).min(1),
	system: systemSchema.optional(),
	tools: z.array(messageToolSchema).optional(),
	tool_choice: messageToolChoiceSchema.optional(),
	/** `enabled` ends the thoughts after a number of tokens, `disabled` asks for none, `adaptive` leaves it to the model. */
	thinking: z
		.discriminatedUnion("type", [
			z.strictObject({ type: z.literal("enabled"), budget_tokens: z.int().min(1), display }),
			z.strictObject({ type: z.literal("disabled") }),
			z.strictObject({ type: z.literal("adaptive"), display }),
		])
		.optional(),
	output_config: z
		.strictObject({
			effort: z.enum(["low", "medium", "high"]).nullish(),
			format: z.strictObject({ type: z.literal("json_schema"), schema: z.record(z.string(), z.unknown()) }).nullish(),
		})
		.optional(),
	keep_alive: keepAliveSchema.nullish(),
	...cached,
};

const { temperature, top_p, top_k, min_p, repeat_penalty, seed, grammar } = samplingShape;

/** Body of `POST /v1/messages` (Anthropic API reference, messages), with some of LMX's sampling parameters. */
export const messageRequestSchema = z.strictObject({
	...conversation,
	max_tokens: z.int().min(1),
	temperature,
	top_p,
	top_k,
	min_p,
	repeat_penalty,
	seed,
	grammar,
	stop_sequences: z.array(z.string().min(1)).max(16).optional(),
	stream: z.boolean().optional(),
	metadata: z.strictObject({ user_id: z.string().nullish() }).optional(),
	service_tier: z.enum(["auto", "standard_only"]).optional(),
	container: notSupported("LMX runs no code."),
	mcp_servers: notSupported("MCP servers are named in the configuration of LMX; POST /v1/responses uses them."),
});

/** Body of `POST /v1/messages/count_tokens`. */
export const messageCountRequestSchema = z.strictObject(conversation);

/** Answer of `POST /v1/messages/count_tokens`. */
export const messageCountSchema = z.object({ input_tokens: z.int() });

/** One block of an answer. Thoughts are signed with nothing: LMX takes them back as they are. */
export const messageContentSchema = z.discriminatedUnion("type", [
	z.object({ type: z.literal("text"), text: z.string(), citations: z.null() }),
	z.object({ type: z.literal("thinking"), thinking: z.string(), signature: z.string() }),
	z.object({ type: z.literal("tool_use"), id: z.string(), name: z.string(), input: z.record(z.string(), z.unknown()) }),
]);

/** Why an answer ended. */
export const messageStopReasons = ["end_turn", "max_tokens", "stop_sequence", "tool_use"] as const;

/** Token counts; `input_tokens` are those that were computed, not those read from the cache. */
export const messageUsageSchema = z.object({
	input_tokens: z.int(),
	cache_creation_input_tokens: z.int(),
	cache_read_input_tokens: z.int(),
	output_tokens: z.int(),
});

/** A whole answer. */
export const messageSchema = z.object({
	id: z.string(),
	type: z.literal("message"),
	role: z.literal("assistant"),
	model: z.string(),
	content: z.array(messageContentSchema),
	stop_reason: z.enum(messageStopReasons).nullable(),
	stop_sequence: z.string().nullable(),
	usage: messageUsageSchema,
});

/** Kinds of errors in the Anthropic API. */
export const messageErrorTypes = [
	"invalid_request_error",
	"authentication_error",
	"permission_error",
	"not_found_error",
	"request_too_large",
	"rate_limit_error",
	"api_error",
	"overloaded_error",
] as const;

/** Body of an error response on `/v1/messages`. */
export const messageErrorSchema = z.object({
	type: z.literal("error"),
	error: z.object({ type: z.enum(messageErrorTypes), message: z.string() }),
	request_id: z.string().nullable(),
});

/** One event of a streamed answer; the event's name is its type. */
export const messageEventSchema = z.discriminatedUnion("type", [
	z.object({ type: z.literal("message_start"), message: messageSchema }),
	z.object({ type: z.literal("ping") }),
	z.object({ type: z.literal("content_block_start"), index: z.int(), content_block: messageContentSchema }),
	z.object({
		type: z.literal("content_block_delta"),
		index: z.int(),
		delta: z.discriminatedUnion("type", [
			z.object({ type: z.literal("text_delta"), text: z.string() }),
			z.object({ type: z.literal("thinking_delta"), thinking: z.string() }),
			z.object({ type: z.literal("signature_delta"), signature: z.string() }),
			z.object({ type: z.literal("input_json_delta"), partial_json: z.string() }),
		]),
	}),
	z.object({ type: z.literal("content_block_stop"), index: z.int() }),
	z.object({
		type: z.literal("message_delta"),
		delta: z.object({ stop_reason: z.enum(messageStopReasons), stop_sequence: z.string().nullable() }),
		usage: messageUsageSchema,
	}),
	z.object({ type: z.literal("message_stop") }),
	messageErrorSchema,
]);

/** Body of a request. */
export type MessageRequest = z.infer<typeof messageRequestSchema>;
/** Body of a request to count. */
export type MessageCountRequest = z.infer<typeof messageCountRequestSchema>;
/** One message of the conversation. */
export type MessageParam = z.infer<typeof messageParamSchema>;
/** One block of a message. */
export type MessageBlock = z.infer<typeof messageBlockSchema>;
/** One block of an answer. */
export type MessageContent = z.infer<typeof messageContentSchema>;
/** A whole answer. */
export type ModelMessage = z.infer<typeof messageSchema>;
/** Body of an error response. */
export type MessageError = z.infer<typeof messageErrorSchema>;
/** One event of a stream. */
export type MessageEvent = z.infer<typeof messageEventSchema>;
