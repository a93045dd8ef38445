import type { ChatRequest } from "@opta/contracts/schema/lmx-chat";
import type { EngineRequest } from "../engine/engine-messages.ts";
import { type CreateReader, plainReader } from "./answer-reader.ts";
import type { Answer, AnswerError, BackendFacts } from "./backend.ts";

/** What a chat asks of the engine, the same for all of its choices. */
export interface ChatPlan {
	readonly prompt: EngineRequest["prompt"];
	readonly grammar: EngineRequest["grammar"];
	readonly logprobs: number | null;
	readonly reasoningBudgetTokens: number | null;
	/** Makes the reader of one choice. */
	readonly createReader: CreateReader;
}

function invalid(param: string, message: string): AnswerError {
	return { code: "invalid_request", message, param };
}

function imageProblem({ messages }: ChatRequest, facts: BackendFacts): AnswerError | null {
	if (facts.hasVision) {
		return null;
	}
	for (const [index, { content }] of messages.entries()) {
		if (Array.isArray(content) && content.some((part) => part.type === "image_url")) {
			const message = "This model has no vision and cannot read images. Remove the image, or choose a model with vision.";
			return invalid(`messages.${index}.content`, message);
		}
	}
	return null;
}

function logprobsProblem({ logprobs, top_logprobs }: ChatRequest): AnswerError | null {
	if (top_logprobs != null && logprobs !== true) {
		return invalid("top_logprobs", 'The parameter "top_logprobs" needs "logprobs" to be true. Set it, or remove "top_logprobs".');
	}
	return null;
}

function lengthProblem({ max_tokens, max_completion_tokens }: ChatRequest): AnswerError | null {
	if (max_tokens != null && max_completion_tokens != null && max_tokens !== max_completion_tokens) {
		return invalid("max_tokens", 'The parameters "max_tokens" and "max_completion_tokens" disagree. Send only "max_completion_tokens".');
	}
	return null;
}

/** Works out what a chat asks of the engine, or says which parameter cannot be honoured. */
export function planChat(request: ChatRequest, facts: BackendFacts): Answer<ChatPlan> {
	const error = imageProblem(request, facts) ?? logprobsProblem(request) ?? lengthProblem(request);
	if (error !== null) {
		return { ok: false, error };
	}
	return {
		ok: true,
		value: {
			prompt: { kind: "chat", messages: request.messages, tools: null, templateVariables: request.chat_template_kwargs ?? {} },
			grammar: request.grammar == null ? null : { gbnf: request.grammar, triggers: null },
			logprobs: request.logprobs === true ? (request.top_logprobs ?? 0) : null,
			reasoningBudgetTokens: request.reasoning_budget_tokens ?? null,
			createReader: () => plainReader,
		},
	};
}
