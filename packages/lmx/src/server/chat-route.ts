import { randomInt } from "node:crypto";
import type { ServerResponse } from "node:http";
import { errorBody } from "@opta/contracts/error-body";
import { type ChatRequest, chatCompletionSchema, chatRequestSchema } from "@opta/contracts/schema/lmx-chat";
import type { FastifyReply } from "fastify";
import type { FastifyPluginCallbackZod } from "fastify-type-provider-zod";
import { v7 as uuid } from "uuid";
import type { EngineRequest } from "../engine/engine-messages.ts";
import { defaultSampling } from "../engine/sampling/sampler.ts";
import type { GenerationResult } from "../engine/scheduler/generation.ts";
import type { AnswerError } from "../serving/backend.ts";
import type { ModelSupervisor } from "../supervision/model-supervisor.ts";
import { type AnswerHead, completionOf, createChunkWriter } from "./chat-reply.ts";
import { findModel, type ModelSet } from "./model-set.ts";
import { sendError } from "./send-error.ts";

/** A comment is sent this often while nothing is said, so that nobody on the way takes the connection for dead. */
const pingMs = 10_000;

function engineRequest(id: string, body: ChatRequest, defaultTemperature: number | null): EngineRequest {
	const { stop } = body;
	return {
		id,
		prompt: { kind: "chat", messages: body.messages, tools: null, templateVariables: {} },
		maxTokens: body.max_completion_tokens ?? body.max_tokens ?? null,
		sampling: {
			temperature: body.temperature ?? defaultTemperature ?? defaultSampling.temperature,
			topK: body.top_k ?? defaultSampling.topK,
			topP: body.top_p ?? defaultSampling.topP,
			minP: body.min_p ?? defaultSampling.minP,
			seed: body.seed ?? randomInt(2 ** 32),
		},
		grammar: null,
		logprobs: null,
		reasoningBudgetTokens: null,
		priority: "normal",
		client: "",
		stops: stop == null ? [] : typeof stop === "string" ? [stop] : stop,
	};
}

/** Calls `cancel` when the connection closes before the answer is complete. */
function cancelOnDisconnect(response: ServerResponse, cancel: () => void): void {
	response.once("close", () => {
		if (!response.writableFinished) {
			cancel();
		}
	});
}

/** Waits for the whole answer. */
function answerWhole(supervisor: ModelSupervisor, request: EngineRequest, head: AnswerHead, reply: FastifyReply): Promise<FastifyReply> {
	return new Promise((resolve) => {
		let content = "";
		cancelOnDisconnect(reply.raw, () => supervisor.cancel(request.id));
		supervisor.generate(request, {
			onAccepted: () => undefined,
			onText: (text) => {
				content += text;
			},
			onEnd: (result) => resolve(reply.send(completionOf(head, content, result))),
			onError: (error) => resolve(sendError(reply, error)),
		});
	});
}

/**
 * Streams the answer. The status is sent when the model has accepted the request, so that a refusal still has
 * a status of its own; an error after that travels as an event.
 */
function answerInPieces(
	supervisor: ModelSupervisor,
	request: EngineRequest,
	head: AnswerHead,
	options: ChatRequest["stream_options"],
	reply: FastifyReply,
): Promise<void> {
	return new Promise((resolve) => {
		const response = reply.raw;
		const chunks = createChunkWriter(head, options);
		let ping: NodeJS.Timeout | undefined;
		const end = (last: string): void => {
			clearInterval(ping);
			response.end(last);
			resolve();
		};
		cancelOnDisconnect(response, () => {
			clearInterval(ping);
			supervisor.cancel(request.id);
			resolve();
		});
		supervisor.generate(request, {
			onAccepted: () => {
				reply.hijack();
				response.writeHead(200, {
					...(reply.getHeaders() as Record<string, string>),
					"content-type": "text/event-stream; charset=utf-8",
					"cache-control": "no-cache, no-transform",
					"x-accel-buffering": "no",
				});
				response.write(chunks.role);
				ping = setInterval(() => response.write(": waiting\n\n"), pingMs);
			},
			onText: (text) => {
				response.write(chunks.text(text));
				ping?.refresh();
			},
			onEnd: (result: GenerationResult) => end(chunks.end(result)),
			onError: ({ code, message, ...extra }: AnswerError) => {
				if (response.headersSent) {
					end(`data: ${JSON.stringify(errorBody(code, message, extra))}\n\n`);
				} else {
					sendError(reply, { code, message, ...extra });
					resolve();
				}
			},
		});
	});
}

/** `POST /v1/chat/completions` (OpenAI API reference, chat completions), whole or as server-sent events. */
export function chatRoute(models: ModelSet): FastifyPluginCallbackZod {
	return (app, _options, done) => {
		app.post(
			"/v1/chat/completions",
			{ schema: { body: chatRequestSchema, response: { 200: chatCompletionSchema } } },
			async (request, reply) => {
				const { body } = request;
				const served = findModel(models, body.model);
				if (served === undefined) {
					const names = models.map(({ source }) => source.id).join(", ");
					const message = `There is no model "${body.model}" on this host. It has: ${names}.`;
					return sendError(reply, { code: "model_not_found", message, param: "model" });
				}
				if (body.stream_options != null && body.stream !== true) {
					const message = 'The parameter "stream_options" is for streamed answers only. Set "stream" to true, or remove it.';
					return sendError(reply, { code: "invalid_request", message, param: "stream_options" });
				}
				const head: AnswerHead = {
					id: `chatcmpl-${uuid().replaceAll("-", "")}`,
					created: Math.floor(Date.now() / 1000),
					model: served.source.id,
				};
				const engine = engineRequest(`${request.id}/${head.id}`, body, served.source.defaultTemperature);
				if (body.stream === true) {
					await answerInPieces(served.supervisor, engine, head, body.stream_options, reply);
					return reply;
				}
				return answerWhole(served.supervisor, engine, head, reply);
			},
		);
		done();
	};
}
