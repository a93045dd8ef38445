import type { ServerResponse } from "node:http";
import { errorBody } from "@opta/contracts/error-body";
import { errorStatus } from "@opta/contracts/error-codes";
import type { ChatDelta, FinishReason, Timings, Usage } from "@opta/contracts/schema/lmx-chat";
import type { StreamServerFrame } from "@opta/contracts/schema/lmx-stream";
import type { WebSocket } from "ws";
import type { ReplyWriter, ScriptStep } from "./scripted-reply.ts";

/** What every part of an answer says of the request. */
export interface AnswerFacts {
	readonly model: string;
	readonly promptTokens: number;
	readonly cachedTokens: number;
}

type Failure = Extract<ScriptStep, { fail: string }>;

function usageOf({ promptTokens, cachedTokens }: AnswerFacts, completionTokens: number): Usage {
	return {
		prompt_tokens: promptTokens,
		completion_tokens: completionTokens,
		total_tokens: promptTokens + completionTokens,
		prompt_tokens_details: { cached_tokens: cachedTokens },
	};
}

function timingsOf({ promptTokens, cachedTokens }: AnswerFacts, completionTokens: number): Timings {
	const read = promptTokens - cachedTokens;
	return {
		prompt_n: read,
		prompt_ms: read,
		prompt_per_second: 1000,
		predicted_n: completionTokens,
		predicted_ms: completionTokens * 10,
		predicted_per_second: 100,
	};
}

function bodyOf({ fail, message = `The script says ${fail}.`, details }: Failure): ReturnType<typeof errorBody> {
	return errorBody(fail, message, details === undefined ? {} : { details });
}

/** Writes a reply as frames of `WS /v1/chat/stream`. */
export function socketWriter(socket: WebSocket, id: string, facts: AnswerFacts, onEnd: () => void): ReplyWriter {
	const { model } = facts;
	const send = (frame: StreamServerFrame): void => socket.send(JSON.stringify(frame));
	return {
		accept: () => send({ type: "accepted", id, model, prompt_tokens: facts.promptTokens }),
		progress: (processed, total) => send({ type: "progress", id, prompt_progress: { total, cache: 0, processed, time_ms: 1 } }),
		delta: (delta) => send({ type: "delta", id, index: 0, delta }),
		done: (reason, tokens) => {
			onEnd();
			const choices = [{ index: 0, finish_reason: reason }];
			send({ type: "done", id, model, finish_reason: reason, choices, usage: usageOf(facts, tokens), timings: timingsOf(facts, tokens) });
		},
		fail: (step) => {
			onEnd();
			send({ type: "error", id, ...bodyOf(step) });
		},
		reset: () => {
			onEnd();
			socket.terminate();
		},
	};
}

/** Writes a reply as server-sent events in the shape of the OpenAI reference. */
export function eventWriter(response: ServerResponse, id: string, facts: AnswerFacts, onEnd: () => void): ReplyWriter {
	const chunk = (delta: ChatDelta, reason: FinishReason | null, extra: Record<string, unknown> = {}): string => {
		const choices = [{ index: 0, delta, logprobs: null, finish_reason: reason }];
		return `data: ${JSON.stringify({ id, object: "chat.completion.chunk", created: 0, model: facts.model, choices, ...extra })}\n\n`;
	};
	return {
		accept: () => {
			response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
			response.write(chunk({ role: "assistant", content: "" }, null));
		},
		progress: (processed, total) => response.write(chunk({}, null, { prompt_progress: { total, cache: 0, processed, time_ms: 1 } })),
		delta: (delta) => response.write(chunk(delta, null)),
		done: (reason, tokens) => {
			onEnd();
			const last = chunk({}, reason, { timings: timingsOf(facts, tokens) });
			const usage = { ...JSON.parse(chunk({}, null).slice(6)), choices: [], usage: usageOf(facts, tokens) };
			response.end(`${last}data: ${JSON.stringify(usage)}\n\ndata: [DONE]\n\n`);
		},
		fail: (step) => {
			onEnd();
			if (response.headersSent) {
				response.end(`data: ${JSON.stringify(bodyOf(step))}\n\n`);
				return;
			}
			const retry = step.retryAfterSeconds === undefined ? {} : { "retry-after": String(step.retryAfterSeconds) };
			response.writeHead(errorStatus[step.fail], { "content-type": "application/json", ...retry });
			response.end(JSON.stringify(bodyOf(step)));
		},
		reset: () => {
			onEnd();
			response.socket?.resetAndDestroy();
		},
	};
}
