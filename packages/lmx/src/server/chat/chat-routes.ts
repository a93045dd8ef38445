import { errorBody } from "@opta/contracts/error-body";
import { type ChatRequest, chatChunkSchema, chatCompletionSchema, chatRequestSchema } from "@opta/contracts/schema/lmx-chat";
import type { FastifyReply } from "fastify";
import type { FastifyPluginCallbackZod } from "fastify-type-provider-zod";
import type { AnswerListener, ModelProvider } from "../../serving/backend.ts";
import { withDefaults } from "../../serving/request-defaults.ts";
import { type AnswerStream, openAnswerStream } from "../answer-stream.ts";
import { collectAnswer } from "../answers/collect-answer.ts";
import { runAnswer } from "../answers/run-answer.ts";
import { askForModel, type ModelCall } from "../ask-model.ts";
import { sendError } from "../send-error.ts";
import { completionOf, createChunkWriter, createHead } from "./chat-reply.ts";

/** What the chat route needs. */
export interface ChatRouteParts {
	readonly models: ModelProvider;
}

/** Parameters that mean nothing for an answer that comes as a whole. */
const parametersOfStreams = ["stream_options", "return_progress"] as const;

/** Waits for the whole answer. */
async function answerWhole({ lease, call, gone }: ModelCall, body: ChatRequest, reply: FastifyReply): Promise<void> {
	const answer = await collectAnswer((listener) => lease.backend.chat(body, call, listener), gone);
	if (answer.ok) {
		reply.send(completionOf(createHead(lease.modelId), answer.value, body.logprobs === true));
	} else {
		sendError(reply, answer.error);
	}
}

/** Streams the answer; an error after its first byte travels as an event. */
function answerInPieces({ lease, call, gone }: ModelCall, body: ChatRequest, reply: FastifyReply): Promise<void> {
	const choices = body.n ?? 1;
	const chunks = createChunkWriter(createHead(lease.modelId), choices, body.stream_options);
	let stream: AnswerStream | null = null;
	const listener: AnswerListener = {
		onAccepted() {
			stream = openAnswerStream(reply);
			stream.write(Array.from({ length: choices }, (_, choice) => chunks.role(choice)).join(""));
		},
		onProgress: (progress) => stream?.write(chunks.progress(progress)),
		onDelta: (choice, delta, logprobs) => stream?.write(chunks.delta(choice, delta, logprobs)),
		onFinish: (choice, reason) => stream?.write(chunks.finish(choice, reason)),
		onEnd: (usage, timings) => stream?.end(chunks.end(usage, timings)),
		onError({ code, message, ...extra }) {
			if (stream === null) {
				sendError(reply, { code, message, ...extra });
			} else {
				stream.end(`data: ${JSON.stringify(errorBody(code, message, extra))}\n\n`);
			}
		},
		drained: () => stream?.drained() ?? null,
	};
	return runAnswer((each) => lease.backend.chat(body, call, each), listener, gone);
}

/**
 * `POST /v1/chat/completions` (OpenAI API reference, chat completions), whole or as server-sent events; and
 * `/chat/completions`, where users of llama-server look for it.
 */
export function chatRoutes({ models }: ChatRouteParts): FastifyPluginCallbackZod {
	return (app, _options, done) => {
		for (const url of ["/v1/chat/completions", "/chat/completions"]) {
			app.post(
				url,
				{
					schema: {
						summary: "Answer a conversation",
						hide: !url.startsWith("/v1"),
						body: chatRequestSchema,
						response: { 200: chatCompletionSchema },
						stream: chatChunkSchema,
					},
				},
				async (request, reply) => {
					const { body } = request;
					const param = body.stream === true ? undefined : parametersOfStreams.find((name) => body[name] != null && body[name] !== false);
					if (param !== undefined) {
						const message = `The parameter "${param}" is for streamed answers only. Set "stream" to true, or remove it.`;
						return sendError(reply, { code: "invalid_request", message, param });
					}
					const asked = await askForModel(models, request, reply, body);
					if (asked !== null) {
						const chat = withDefaults(body, asked.lease.defaults);
						try {
							await (body.stream === true ? answerInPieces : answerWhole)(asked, chat, reply);
						} finally {
							asked.lease.release();
						}
					}
					return reply;
				},
			);
		}
		done();
	};
}
