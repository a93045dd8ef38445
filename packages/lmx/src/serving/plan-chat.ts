import type { ChatRequest } from "@opta/contracts/schema/lmx-chat";
import type { EngineFacts, EngineRequest } from "../engine/engine-messages.ts";
import { readReasoningRequest } from "../reasoning/reasoning-request.ts";
import { ThinkingReader } from "../reasoning/thinking-reader.ts";
import type { GrammarCache } from "../structured/grammar-cache.ts";
import { CallReader } from "../tools/call-reader.ts";
import { readToolRequest, type ToolRequest } from "../tools/tool-request.ts";
import { type CreateReader, plainReader } from "./answer-reader.ts";
import type { Answer, AnswerError } from "./backend.ts";

/** What a chat asks of the engine, the same for all of its choices. */
export interface ChatPlan {
	readonly prompt: EngineRequest["prompt"];
	readonly grammar: EngineRequest["grammar"];
	readonly logprobs: number | null;
	readonly reasoningBudgetTokens: number | null;
	readonly reportsProgress: boolean;
	/** Makes the reader of one choice. */
	readonly createReader: CreateReader;
}

function invalid(param: string, message: string): AnswerError {
	return { code: "invalid_request", message, param };
}

function imageProblem({ messages }: ChatRequest): AnswerError | null {
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

/** What must be known of a model to plan a chat. */
export interface ChatModel extends Pick<EngineFacts, "thinking" | "toolFormat"> {
	readonly hasVision: boolean;
	readonly grammars: GrammarCache;
}

function readerOf({ thinking }: ChatModel, tools: ToolRequest | null): CreateReader {
	const callable = tools?.callable.map(({ tool }) => tool) ?? [];
	return (startsInThinking) => {
		const inner = tools === null ? plainReader : new CallReader(callable, { isForced: tools.isForced });
		return thinking === null ? inner : new ThinkingReader(thinking, startsInThinking, inner);
	};
}

/** Works out what a chat asks of the engine, or says which parameter cannot be honoured. */
export function planChat(request: ChatRequest, model: ChatModel): Answer<ChatPlan> {
	const error = (model.hasVision ? null : imageProblem(request)) ?? logprobsProblem(request) ?? lengthProblem(request);
	if (error !== null) {
		return { ok: false, error };
	}
	const reasoning = readReasoningRequest(request, model.thinking !== null);
	if (!reasoning.ok) {
		return reasoning;
	}
	const tools = readToolRequest(request);
	if (!tools.ok) {
		return tools;
	}
	const grammar = model.grammars.get(request, tools.value, model.toolFormat);
	if (!grammar.ok) {
		return grammar;
	}
	const templateVariables = { ...reasoning.value.templateVariables, ...request.chat_template_kwargs };
	return {
		ok: true,
		value: {
			prompt: { kind: "chat", messages: request.messages, tools: tools.value?.tools ?? null, templateVariables },
			grammar: grammar.value,
			logprobs: request.logprobs === true ? (request.top_logprobs ?? 0) : null,
			reasoningBudgetTokens: reasoning.value.budgetTokens,
			reportsProgress: request.return_progress === true,
			createReader: readerOf(model, tools.value),
		},
	};
}
