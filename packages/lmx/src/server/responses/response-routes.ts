import type { ChatMessage } from "@opta/contracts/schema/lmx-chat";
import {
	type ResponseEvent,
	type ResponseInputTokensRequest,
	type ResponseRequest,
	responseDeletedSchema,
	responseEventSchema,
	responseInputTokensRequestSchema,
	responseInputTokensSchema,
	responseRequestSchema,
	responseSchema,
} from "@opta/contracts/schema/lmx-responses";
import type { FastifyReply } from "fastify";
import type { FastifyPluginCallbackZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Answer, AnswerError, ModelProvider } from "../../serving/backend.ts";
import { withDefaults } from "../../serving/request-defaults.ts";
import { type AnswerStream, openAnswerStream } from "../answer-stream.ts";
import { runAnswer } from "../answers/run-answer.ts";
import { askForModel, type ModelCall } from "../ask-model.ts";
import { sendError } from "../send-error.ts";
import { messagesOf } from "./input-messages.ts";
import { newResponse } from "./new-response.ts";
import { chatOfConversation, chatOfResponse } from "./plan-response.ts";
import { ResponseBuilder } from "./response-builder.ts";
import type { ResponseStore } from "./response-store.ts";

/** What the routes need. */
export interface ResponseRoutesParts {
	readonly models: ModelProvider;
	readonly store: ResponseStore;
}

const tags = ["Responses"];
const idSchema = z.object({ id: z.string() });

function notKept(id: string, param: string): AnswerError {
	const message = `LMX keeps no response "${id}": it never did, or not any more. Send the whole conversation as input.`;
	return { code: "not_found", message, param };
}

/** The messages of the whole conversation, with those of the response that it goes on from. */
function conversationOf(
	store: ResponseStore,
	{ input, previous_response_id: previous }: ResponseInputTokensRequest,
): Answer<ChatMessage[]> {
	const added = messagesOf(input);
	if (!added.ok || previous == null) {
		return added;
	}
	const before = store.get(previous);
	return before === undefined
		? { ok: false, error: notKept(previous, "previous_response_id") }
		: { ok: true, value: [...before.messages, ...added.value] };
}

/** Answers whole, or with the events of the reference. The stream opens when the model has accepted the request. */
async function answer(
	{ lease, call, gone }: ModelCall,
	body: ResponseRequest,
	messages: readonly ChatMessage[],
	store: ResponseStore,
	reply: FastifyReply,
): Promise<void> {
	const chat = withDefaults(chatOfResponse(body, messages), lease.defaults);
	let stream: AnswerStream | null = null;
	let sequenceNumber = 0;
	const emit = ({ type, ...event }: ResponseEvent): void => {
		const data = JSON.stringify({ type, sequence_number: sequenceNumber++, ...event });
		stream?.write(`event: ${type}\ndata: ${data}\n\n`);
	};
	const isStored = body.store !== false && store.isOn;
	const builder = new ResponseBuilder(newResponse(body, lease.modelId, chat, isStored), emit);
	await runAnswer(
		(listener) => lease.backend.chat(chat, call, listener),
		{
			onAccepted: () => {
				stream = body.stream === true ? openAnswerStream(reply) : null;
				builder.begin();
			},
			onDelta: (_choice, delta, logprobs) => builder.add(delta, logprobs),
			onFinish: (_choice, reason) => builder.finish(reason),
			onEnd: (usage) => {
				builder.end(usage);
				const { response } = builder;
				const said = messagesOf(response.output);
				if (isStored && said.ok) {
					store.put({ response, messages: [...messages, ...said.value] });
				}
				if (stream === null) {
					reply.send(response);
				} else {
					stream.end("");
				}
			},
			onError: (error) => {
				if (stream === null) {
					sendError(reply, error);
				} else {
					builder.fail(error);
					stream.end("");
				}
			},
			drained: () => stream?.drained() ?? null,
		},
		gone,
	);
}

/** `/v1/responses` (OpenAI API reference, responses): answers, and those that are still kept. */
export function responseRoutes({ models, store }: ResponseRoutesParts): FastifyPluginCallbackZod {
	return (app, _options, done) => {
		app.post(
			"/v1/responses",
			{
				schema: {
					tags,
					summary: "Answer a conversation",
					body: responseRequestSchema,
					response: { 200: responseSchema },
					stream: responseEventSchema,
				},
			},
			async (request, reply) => {
				const messages = conversationOf(store, request.body);
				if (!messages.ok) {
					return sendError(reply, messages.error);
				}
				const asked = await askForModel(models, request, reply, request.body);
				if (asked !== null) {
					await answer(asked, request.body, messages.value, store, reply).finally(asked.lease.release);
				}
				return reply;
			},
		);
		app.post(
			"/v1/responses/input_tokens",
			{
				schema: {
					tags,
					summary: "Count the tokens of a conversation",
					body: responseInputTokensRequestSchema,
					response: { 200: responseInputTokensSchema },
				},
			},
			async (request, reply) => {
				const messages = conversationOf(store, request.body);
				if (!messages.ok) {
					return sendError(reply, messages.error);
				}
				const asked = await askForModel(models, request, reply, request.body);
				if (asked === null) {
					return reply;
				}
				const { backend, defaults, release } = asked.lease;
				const chat = withDefaults(chatOfConversation(request.body, messages.value), defaults);
				const tools = chat.tools?.filter((tool) => tool.type === "function") ?? null;
				const counted = await backend.renderPrompt(chat.messages, tools, {}).finally(release);
				return counted.ok
					? { object: "response.input_tokens" as const, input_tokens: counted.value.tokens }
					: sendError(reply, counted.error);
			},
		);
		app.get(
			"/v1/responses/:id",
			{ schema: { tags, summary: "A response that is kept", params: idSchema, response: { 200: responseSchema } } },
			async (request, reply) => store.get(request.params.id)?.response ?? sendError(reply, notKept(request.params.id, "id")),
		);
		app.delete(
			"/v1/responses/:id",
			{ schema: { tags, summary: "Forget a response", params: idSchema, response: { 200: responseDeletedSchema } } },
			async (request, reply) => {
				const { id } = request.params;
				return store.delete(id) ? { id, object: "response" as const, deleted: true as const } : sendError(reply, notKept(id, "id"));
			},
		);
		done();
	};
}
