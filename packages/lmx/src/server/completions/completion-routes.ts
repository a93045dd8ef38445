import { errorBody } from "@opta/contracts/error-body";
import type { Timings, Usage } from "@opta/contracts/schema/lmx-chat";
import { type CompletionRequest, completionRequestSchema, completionSchema } from "@opta/contracts/schema/lmx-completions";
import type { FastifyReply } from "fastify";
import type { FastifyPluginCallbackZod } from "fastify-type-provider-zod";
import { v7 as uuid } from "uuid";
import type { Answer, AnswerError, AnswerListener, CompletionCall, ModelProvider } from "../../serving/backend.ts";
import { type AnswerStream, openAnswerStream } from "../answer-stream.ts";
import { type CollectedAnswer, collectAnswer } from "../answers/collect-answer.ts";
import { runAnswer } from "../answers/run-answer.ts";
import { askForModel, type ModelCall } from "../ask-model.ts";
import { sendError } from "../send-error.ts";
import { CompletionChunks, type CompletionHead, wholeCompletion } from "./completion-reply.ts";
import { completionCallOf, completionConflict, promptsOf } from "./plan-completion.ts";
import { runPrompts } from "./run-prompts.ts";

/** A request with its model. */
interface Work extends ModelCall {
	readonly body: CompletionRequest;
	readonly head: CompletionHead;
	readonly calls: readonly CompletionCall[];
	/** What each prompt's choices begin with. */
	readonly echoes: readonly string[];
}

async function echoesOf({ lease, body }: Pick<Work, "lease" | "body">): Promise<Answer<readonly string[]>> {
	const texts: string[] = [];
	for (const prompt of promptsOf(body.prompt)) {
		if (body.echo !== true || typeof prompt === "string") {
			texts.push(body.echo === true ? String(prompt) : "");
			continue;
		}
		const answer = await lease.backend.detokenize(prompt);
		if (!answer.ok) {
			return answer;
		}
		texts.push(answer.value.text);
	}
	return { ok: true, value: texts };
}

function start({ lease, call, calls }: Work, prompt: number): (listener: AnswerListener) => ReturnType<typeof lease.backend.complete> {
	const request = calls[prompt];
	if (request === undefined) {
		throw new RangeError(`There is no prompt ${prompt}.`);
	}
	return (listener) => lease.backend.complete(request, call, listener);
}

async function answerWhole(work: Work, reply: FastifyReply): Promise<FastifyReply> {
	const answers: CollectedAnswer[] = [];
	const error = await runPrompts(work.calls.length, work.gone, async (prompt, signal) => {
		const answer = await collectAnswer(start(work, prompt), signal);
		if (!answer.ok) {
			return answer.error;
		}
		answers[prompt] = answer.value;
		return null;
	});
	const hasLogprobs = work.body.logprobs != null;
	return error === null ? reply.send(wholeCompletion(work.head, answers, work.echoes, hasLogprobs)) : sendError(reply, error);
}

async function answerInPieces(work: Work, reply: FastifyReply): Promise<FastifyReply> {
	const { body, head, echoes } = work;
	const choices = body.n ?? 1;
	const chunks = new CompletionChunks(head, body.stream_options?.include_usage === true);
	const usages: Usage[] = [];
	const timings: (Timings | null)[] = [];
	let stream: AnswerStream | undefined;
	const send = (chunk: object): void => stream?.write(`data: ${JSON.stringify(chunk)}\n\n`);
	const error = await runPrompts(work.calls.length, work.gone, async (prompt, signal) => {
		let failure: AnswerError | null = null;
		const first = prompt * choices;
		await runAnswer(
			start(work, prompt),
			{
				onAccepted: () => {
					stream ??= openAnswerStream(reply);
					for (let choice = 0; echoes[prompt] !== "" && choice < choices; choice++) {
						send(chunks.text(first + choice, echoes[prompt] ?? "", null));
					}
				},
				onDelta: (choice, { content = "" }, logprobs) => send(chunks.text(first + choice, content, logprobs)),
				onFinish: (choice, reason) => send(chunks.finish(first + choice, reason)),
				onEnd: (usage, time) => {
					usages.push(usage);
					timings.push(time);
				},
				onError: (reason) => {
					failure = reason;
				},
				drained: () => stream?.drained() ?? null,
			},
			signal,
		);
		return failure;
	});
	if (stream === undefined) {
		return error === null ? reply : sendError(reply, error);
	}
	if (error !== null) {
		const { code, message, ...extra } = error;
		stream.end(`data: ${JSON.stringify(errorBody(code, message, extra))}\n\n`);
		return reply;
	}
	const last = chunks.last(usages, timings);
	stream.end(`${last === null ? "" : `data: ${JSON.stringify(last)}\n\n`}data: [DONE]\n\n`);
	return reply;
}

async function answer(asked: ModelCall, body: CompletionRequest, reply: FastifyReply): Promise<FastifyReply> {
	const echoes = await echoesOf({ lease: asked.lease, body });
	if (!echoes.ok) {
		return sendError(reply, echoes.error);
	}
	const work: Work = {
		...asked,
		body,
		head: {
			id: `cmpl-${uuid().replaceAll("-", "")}`,
			object: "text_completion",
			created: Math.floor(Date.now() / 1000),
			model: asked.lease.modelId,
		},
		calls: promptsOf(body.prompt).map((prompt) => completionCallOf(body, prompt, asked.lease.defaults)),
		echoes: echoes.value,
	};
	return body.stream === true ? answerInPieces(work, reply) : answerWhole(work, reply);
}

/** `POST /v1/completions` (OpenAI API reference, legacy completions), and `/completions` without the version. */
export function completionRoutes(models: ModelProvider): FastifyPluginCallbackZod {
	return (app, _options, done) => {
		for (const url of ["/v1/completions", "/completions"]) {
			app.post(
				url,
				{
					schema: {
						tags: ["Text"],
						summary: "Go on with a text",
						hide: !url.startsWith("/v1"),
						body: completionRequestSchema,
						response: { 200: completionSchema },
						stream: completionSchema,
					},
				},
				async (request, reply) => {
					const conflict = completionConflict(request.body);
					if (conflict !== null) {
						return sendError(reply, conflict);
					}
					const asked = await askForModel(models, request, reply, request.body);
					if (asked === null) {
						return reply;
					}
					return answer(asked, request.body, reply).finally(asked.lease.release);
				},
			);
		}
		done();
	};
}
