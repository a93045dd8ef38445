import type { ChatRequest } from "@opta/contracts/schema/lmx-chat";
import {
	type MessageEvent,
	type MessageRequest,
	messageCountRequestSchema,
	messageCountSchema,
	messageErrorSchema,
	messageEventSchema,
	messageRequestSchema,
	messageSchema,
} from "@opta/contracts/schema/lmx-messages";
import type { FastifyReply } from "fastify";
import type { FastifyPluginCallbackZod } from "fastify-type-provider-zod";
import type { ModelProvider } from "../../serving/backend.ts";
import { withDefaults } from "../../serving/request-defaults.ts";
import { type AnswerStream, openAnswerStream } from "../answer-stream.ts";
import { runAnswer } from "../answers/run-answer.ts";
import { askForModel, type ModelCall } from "../ask-model.ts";
import { sendError } from "../send-error.ts";
import { MessageBuilder, newMessage } from "./message-builder.ts";
import { messageError } from "./message-error.ts";
import { chatOfConversation, chatOfMessage } from "./plan-message.ts";

const tags = ["Messages"];
/** Errors of these routes, also those of keys and schemas, have the shape of the Anthropic API. */
const config = { errorShape: "anthropic" } as const;

/** Answers whole, or with the events of the reference. The stream opens when the model has accepted the request. */
async function answer({ lease, call, gone }: ModelCall, body: MessageRequest, chat: ChatRequest, reply: FastifyReply): Promise<void> {
	let stream: AnswerStream | null = null;
	const emit = (event: MessageEvent): void => stream?.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
	let builder: MessageBuilder | null = null;
	const filled = withDefaults(chat, lease.defaults);
	await runAnswer(
		(listener) => lease.backend.chat(filled, call, listener),
		{
			onAccepted: (promptTokens) => {
				stream = body.stream === true ? openAnswerStream(reply) : null;
				builder = new MessageBuilder(newMessage(lease.modelId, promptTokens), emit);
			},
			onDelta: (_choice, delta) => builder?.add(delta),
			onFinish: (_choice, reason, stopSequence) => builder?.finish(reason, stopSequence),
			onEnd: (usage) => {
				builder?.end(usage);
				if (stream === null) {
					reply.send(builder?.message);
				} else {
					stream.end("");
				}
			},
			onError: (error) => {
				if (stream === null) {
					sendError(reply, error);
				} else {
					emit(messageError(error.code, error.message, call.requestId));
					stream.end("");
				}
			},
			drained: () => stream?.drained() ?? null,
		},
		gone,
	);
}

/** `POST /v1/messages` and `/v1/messages/count_tokens` (Anthropic API reference). */
export function messageRoutes(models: ModelProvider): FastifyPluginCallbackZod {
	return (app, _options, done) => {
		app.post(
			"/v1/messages",
			{
				config,
				schema: {
					tags,
					summary: "Answer a conversation, as the Anthropic API does",
					body: messageRequestSchema,
					response: { 200: messageSchema, "4xx": messageErrorSchema },
					stream: messageEventSchema,
				},
			},
			async (request, reply) => {
				const chat = chatOfMessage(request.body);
				if (!chat.ok) {
					return sendError(reply, chat.error);
				}
				const asked = await askForModel(models, request, reply, request.body);
				if (asked !== null) {
					await answer(asked, request.body, chat.value, reply).finally(asked.lease.release);
				}
				return reply;
			},
		);
		app.post(
			"/v1/messages/count_tokens",
			{
				config,
				schema: {
					tags,
					summary: "Count the tokens of a conversation",
					body: messageCountRequestSchema,
					response: { 200: messageCountSchema, "4xx": messageErrorSchema },
				},
			},
			async (request, reply) => {
				const chat = chatOfConversation(request.body);
				if (!chat.ok) {
					return sendError(reply, chat.error);
				}
				const asked = await askForModel(models, request, reply, request.body);
				if (asked === null) {
					return reply;
				}
				const { backend, defaults, release } = asked.lease;
				const { messages, tools } = withDefaults(chat.value, defaults);
				const functions = tools?.filter((tool) => tool.type === "function") ?? null;
				const counted = await backend.renderPrompt(messages, functions, {}).finally(release);
				return counted.ok ? { input_tokens: counted.value.tokens } : sendError(reply, counted.error);
			},
		);
		done();
	};
}
