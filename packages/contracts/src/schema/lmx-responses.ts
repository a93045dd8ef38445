import { z } from "zod";
import { keepAliveSchema, mcpCallStates, reasoningEfforts, samplingShape, tokenLogprobSchema } from "./lmx-chat.ts";
import { notSupported } from "./not-supported.ts";

const functionName = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/);
const jsonSchemaObject = z.record(z.string(), z.unknown());
const itemStatus = z.enum(["in_progress", "completed", "incomplete"]);
const sentBack = { id: z.string().nullish(), status: itemStatus.nullish() };

const textPart = z.strictObject({ type: z.literal("input_text"), text: z.string() });
const answerPart = z.strictObject({
	type: z.literal("output_text"),
	text: z.string(),
	annotations: z.array(z.unknown()).optional(),
	logprobs: z.array(z.unknown()).nullish(),
});
const refusalPart = z.strictObject({ type: z.literal("refusal"), refusal: z.string() });
/** Known here so that its refusal can say why. */
const imagePart = z.looseObject({ type: z.literal("input_image") });

const partSchema = z.discriminatedUnion("type", [textPart, answerPart, refusalPart, imagePart]);

/** A message of the conversation; `type` may be left out. */
export const responseMessageItemSchema = z.strictObject({
	type: z.literal("message").optional(),
	role: z.enum(["user", "assistant", "system", "developer"]),
	content: z.union([z.string(), z.array(partSchema)]),
	phase: z.enum(["commentary", "final_answer"]).nullish(),
	...sentBack,
});

/** A call that the model made. */
export const responseFunctionCallSchema = z.strictObject({
	type: z.literal("function_call"),
	call_id: z.string(),
	name: z.string(),
	arguments: z.string(),
	...sentBack,
});

/** What a call gave. */
export const responseFunctionOutputSchema = z.strictObject({
	type: z.literal("function_call_output"),
	call_id: z.string(),
	output: z.union([z.string(), z.array(z.discriminatedUnion("type", [textPart, imagePart]))]),
	...sentBack,
});

/** Thoughts of the model that are sent back. */
export const responseReasoningItemSchema = z.strictObject({
	type: z.literal("reasoning"),
	summary: z.array(z.strictObject({ type: z.literal("summary_text"), text: z.string() })).optional(),
	content: z.array(z.strictObject({ type: z.literal("reasoning_text"), text: z.string() })).nullish(),
	encrypted_content: notSupported("LMX sends thoughts as they are, in content."),
	...sentBack,
});

/** A call that LMX made to an MCP server of its configuration. */
export const responseMcpCallSchema = z.strictObject({
	type: z.literal("mcp_call"),
	id: z.string(),
	status: z.enum(mcpCallStates),
	server_label: z.string(),
	name: z.string(),
	arguments: z.string(),
	output: z.string().nullable().describe("What the model reads; null until the call has ended."),
});

/** One item of the input. */
export const responseInputItemSchema = z.union([
	z.discriminatedUnion("type", [
		responseFunctionCallSchema,
		responseFunctionOutputSchema,
		responseReasoningItemSchema,
		responseMcpCallSchema,
	]),
	responseMessageItemSchema,
]);

const functionTool = z.strictObject({
	type: z.literal("function"),
	name: functionName,
	description: z.string().nullish(),
	parameters: jsonSchemaObject.nullish(),
	strict: z.boolean().nullish(),
});

const mcpTool = z.strictObject({
	type: z.literal("mcp"),
	server_label: functionName,
	allowed_tools: z.array(z.string()).nullish(),
	require_approval: z.literal("never").nullish(),
	server_url: notSupported("MCP servers are named in the configuration of LMX, and used by their label."),
});

/** A tool that the model may call. */
export const responseToolSchema = z.discriminatedUnion("type", [functionTool, mcpTool]);

/** Which tool the model must, may or must not call. */
export const responseToolChoiceSchema = z.union([
	z.enum(["none", "auto", "required"]),
	z.strictObject({ type: z.literal("function"), name: functionName }),
]);

/** The form that the answer must have. */
export const responseTextFormatSchema = z.discriminatedUnion("type", [
	z.strictObject({ type: z.literal("text") }),
	z.strictObject({ type: z.literal("json_object") }),
	z.strictObject({
		type: z.literal("json_schema"),
		name: functionName,
		description: z.string().optional(),
		schema: jsonSchemaObject,
		strict: z.boolean().nullish(),
	}),
]);

const conversation = {
	model: z.string().min(1).optional().describe("Omitted or `auto`: the best loaded model, else the configured default."),
	input: z.union([z.string(), z.array(responseInputItemSchema)]),
	instructions: z.string().nullish().describe("System prompt of this answer only: those of earlier answers are not carried on."),
	previous_response_id: z.string().nullish().describe("Goes on with a conversation that LMX still keeps; 404 when it does not."),
	tools: z.array(responseToolSchema).nullish(),
	tool_choice: responseToolChoiceSchema.nullish(),
	parallel_tool_calls: z.boolean().nullish(),
	text: z
		.strictObject({
			format: responseTextFormatSchema.optional(),
			verbosity: z.literal("medium", { error: () => "LMX cannot set how much a model says." }).nullish(),
		})
		.nullish(),
	reasoning: z
		.strictObject({
			effort: z.enum(reasoningEfforts).nullish(),
			summary: z.literal("auto").nullish().describe("Thoughts are sent as they are; there is no summary."),
			generate_summary: z.literal("auto").nullish(),
		})
		.nullish(),
	truncation: z.literal("disabled", { error: () => "LMX never cuts a conversation off." }).nullish(),
	conversation: notSupported('LMX keeps single responses. Go on with "previous_response_id".'),
	keep_alive: keepAliveSchema.nullish(),
};

/** Body of `POST /v1/responses` (OpenAI API reference, responses), with LMX's sampling parameters. */
export const responseRequestSchema = z.strictObject({
	...conversation,
	...samplingShape,
	max_output_tokens: z.int().min(1).nullish(),
	top_logprobs: z.int().min(0).max(20).nullish(),
	include: z.array(z.enum(["message.output_text.logprobs", "reasoning.encrypted_content"])).nullish(),
	store: z.boolean().nullish().describe("False: nothing of the answer is kept, and it cannot be gone on with."),
	stream: z.boolean().nullish(),
	stream_options: z.strictObject({ include_obfuscation: z.literal(false).optional() }).nullish(),
	metadata: z.record(z.string(), z.string()).nullish(),
	background: z.literal(false, { error: () => "LMX answers while the client waits. Stream the answer instead." }).nullish(),
	max_tool_calls: z.int().min(1).nullish(),
	prompt: notSupported("LMX keeps no prompts by id. A preset can be named as the model."),
	service_tier: z.enum(["auto", "default"]).nullish(),
	prompt_cache_key: z.string().nullish(),
	prompt_cache_retention: z.literal("in_memory").nullish(),
	safety_identifier: z.string().nullish(),
	user: z.string().nullish(),
});

/** Body of `POST /v1/responses/input_tokens`. */
export const responseInputTokensRequestSchema = z.strictObject(conversation);

/** Answer of `POST /v1/responses/input_tokens`. */
export const responseInputTokensSchema = z.object({ object: z.literal("response.input_tokens"), input_tokens: z.int() });

const outputText = z.object({
	type: z.literal("output_text"),
	text: z.string(),
	annotations: z.array(z.never()),
	logprobs: z.array(tokenLogprobSchema),
});
const reasoningText = z.object({ type: z.literal("reasoning_text"), text: z.string() });

/** One item of the output. */
export const responseOutputItemSchema = z.discriminatedUnion("type", [
	z.object({ type: z.literal("message"), id: z.string(), status: itemStatus, role: z.literal("assistant"), content: z.array(outputText) }),
	z.object({
		type: z.literal("function_call"),
		id: z.string(),
		status: itemStatus,
		call_id: z.string(),
		name: z.string(),
		arguments: z.string(),
	}),
	z.object({
		type: z.literal("reasoning"),
		id: z.string(),
		status: itemStatus,
		summary: z.array(z.never()),
		content: z.array(reasoningText),
	}),
	responseMcpCallSchema,
]);

/** Token counts of a response. */
export const responseUsageSchema = z.object({
	input_tokens: z.int(),
	input_tokens_details: z.object({ cached_tokens: z.int() }),
	output_tokens: z.int(),
	output_tokens_details: z.object({ reasoning_tokens: z.int() }),
	total_tokens: z.int(),
});

/** A response, finished or not. */
export const responseSchema = z.object({
	id: z.string(),
	object: z.literal("response"),
	created_at: z.int(),
	completed_at: z.int().nullable(),
	status: z.enum(["in_progress", "completed", "incomplete", "failed"]),
	background: z.literal(false),
	error: z.object({ code: z.string(), message: z.string() }).nullable(),
	incomplete_details: z.object({ reason: z.literal("max_output_tokens") }).nullable(),
	instructions: z.string().nullable(),
	max_output_tokens: z.int().nullable(),
	max_tool_calls: z.int().nullable(),
	metadata: z.record(z.string(), z.string()),
	model: z.string(),
	output: z.array(responseOutputItemSchema),
	parallel_tool_calls: z.boolean(),
	previous_response_id: z.string().nullable(),
	prompt_cache_key: z.string().nullable(),
	reasoning: z.object({ effort: z.enum(reasoningEfforts).nullable(), summary: z.null() }),
	safety_identifier: z.string().nullable(),
	service_tier: z.literal("default"),
	store: z.boolean(),
	temperature: z.number().nullable(),
	text: z.object({ format: responseTextFormatSchema }),
	tool_choice: responseToolChoiceSchema,
	tools: z.array(responseToolSchema),
	top_logprobs: z.int(),
	top_p: z.number().nullable(),
	truncation: z.literal("disabled"),
	usage: responseUsageSchema.nullable(),
	user: z.string().nullable(),
});

/** Answer of `DELETE /v1/responses/:id`. */
export const responseDeletedSchema = z.object({ id: z.string(), object: z.literal("response"), deleted: z.literal(true) });

const whole = { response: responseSchema };
const item = { output_index: z.int(), item: responseOutputItemSchema };
const ofItem = { item_id: z.string(), output_index: z.int() };
const ofPart = { ...ofItem, content_index: z.int() };
const part = { ...ofPart, part: z.discriminatedUnion("type", [outputText, reasoningText]) };

/** One event of a streamed response, before it is numbered; the event's name is its type. */
export const responseEventSchema = z.discriminatedUnion("type", [
	z.object({ type: z.literal("response.created"), ...whole }),
	z.object({ type: z.literal("response.in_progress"), ...whole }),
	z.object({ type: z.literal("response.output_item.added"), ...item }),
	z.object({ type: z.literal("response.content_part.added"), ...part }),
	z.object({ type: z.literal("response.output_text.delta"), ...ofPart, delta: z.string(), logprobs: z.array(tokenLogprobSchema) }),
	z.object({ type: z.literal("response.output_text.done"), ...ofPart, text: z.string(), logprobs: z.array(tokenLogprobSchema) }),
	z.object({ type: z.literal("response.reasoning_text.delta"), ...ofPart, delta: z.string() }),
	z.object({ type: z.literal("response.reasoning_text.done"), ...ofPart, text: z.string() }),
	z.object({ type: z.literal("response.function_call_arguments.delta"), ...ofItem, delta: z.string() }),
	z.object({ type: z.literal("response.function_call_arguments.done"), ...ofItem, name: z.string(), arguments: z.string() }),
	z.object({ type: z.literal("response.mcp_call.in_progress"), ...ofItem }),
	z.object({ type: z.literal("response.mcp_call_arguments.delta"), ...ofItem, delta: z.string() }),
	z.object({ type: z.literal("response.mcp_call_arguments.done"), ...ofItem, arguments: z.string() }),
	z.object({ type: z.literal("response.mcp_call.completed"), ...ofItem }),
	z.object({ type: z.literal("response.mcp_call.failed"), ...ofItem }),
	z.object({ type: z.literal("response.content_part.done"), ...part }),
	z.object({ type: z.literal("response.output_item.done"), ...item }),
	z.object({ type: z.literal("response.completed"), ...whole }),
	z.object({ type: z.literal("response.incomplete"), ...whole }),
	z.object({ type: z.literal("response.failed"), ...whole }),
]);

/** Body of a request. */
export type ResponseRequest = z.infer<typeof responseRequestSchema>;
/** Body of a request to count. */
export type ResponseInputTokensRequest = z.infer<typeof responseInputTokensRequestSchema>;
/** One item of the input. */
export type ResponseInputItem = z.infer<typeof responseInputItemSchema>;
/** One item of the output. */
export type ResponseOutputItem = z.infer<typeof responseOutputItemSchema>;
/** A response. */
export type ModelResponse = z.infer<typeof responseSchema>;
/** One event of a stream, before it is numbered. */
export type ResponseEvent = z.infer<typeof responseEventSchema>;
