import type { ChatRequest } from "@opta/contracts/schema/lmx-chat";
import { v7 as uuid } from "uuid";
import type { EngineFacts, EngineOperation, EngineOperationResults, EngineRequest } from "../engine/engine-messages.ts";
import { GrammarCache } from "../structured/grammar-cache.ts";
import { plainReader } from "./answer-reader.ts";
import type { Answer, AnswerListener, BackendFacts, Call, CompletionCall, InferenceBackend, RunningAnswer } from "./backend.ts";
import { type ChatModel, type ChatPlan, planChat } from "./plan-chat.ts";
import { samplingOf } from "./request-sampling.ts";
import { type Generator, runChoices } from "./run-choices.ts";

/** The process of one model, as its backend needs it. */
export interface LocalEngine extends Generator {
	operate<Kind extends EngineOperation["kind"]>(
		operation: Extract<EngineOperation, { kind: Kind }>,
		signal?: AbortSignal,
	): Promise<Answer<EngineOperationResults[Kind]>>;
}

const nothingRuns: RunningAnswer = { cancel: () => undefined };

function stopsOf(stop: ChatRequest["stop"]): readonly string[] {
	return stop == null ? [] : typeof stop === "string" ? [stop] : stop;
}

/** The requests of an answer, one per choice. */
function engineRequests(
	request: Omit<ChatRequest, "messages" | "logprobs">,
	plan: Omit<ChatPlan, "createReader">,
	call: Call,
): EngineRequest[] {
	const answerId = uuid();
	return samplingOf(request).map((sampling, choice) => ({
		...plan,
		reportsProgress: plan.reportsProgress && choice === 0,
		id: `${call.requestId}/${answerId}/${choice}`,
		maxTokens: request.max_completion_tokens ?? request.max_tokens ?? null,
		sampling,
		stops: stopsOf(request.stop),
		priority: call.priority,
		client: call.client,
	}));
}

/** A model that runs in a child process of this server. */
export class LocalBackend implements InferenceBackend {
	readonly facts: BackendFacts;
	readonly #engine: LocalEngine;
	readonly #model: ChatModel;

	constructor(engine: LocalEngine, engineFacts: EngineFacts) {
		const { contextTokens, trainedForTools, toolFormat, thinking, generates, embeds, reranks } = engineFacts;
		this.#engine = engine;
		this.facts = { contextTokens, trainedForTools, thinks: thinking !== null, generates, embeds, reranks, hasVision: false };
		this.#model = { thinking, toolFormat, hasVision: this.facts.hasVision, grammars: new GrammarCache() };
	}

	chat(request: ChatRequest, call: Call, listener: AnswerListener): RunningAnswer {
		const plan = planChat(request, this.#model);
		if (!plan.ok) {
			listener.onError(plan.error);
			return nothingRuns;
		}
		const { createReader, ...shared } = plan.value;
		const choices = engineRequests(request, shared, call).map((each) => ({ request: each, createReader }));
		return runChoices(this.#engine, choices, listener);
	}

	complete(request: CompletionCall, call: Call, listener: AnswerListener): RunningAnswer {
		const { prompt, suffix } = request;
		const plan = {
			prompt:
				typeof prompt === "string" ? ({ kind: "text", text: prompt, suffix } as const) : ({ kind: "tokens", tokens: prompt } as const),
			grammar: request.grammar == null ? null : { gbnf: request.grammar, triggers: null },
			logprobs: request.logprobs,
			reasoningBudgetTokens: null,
			reportsProgress: false,
		};
		const choices = engineRequests(request, plan, call).map((each) => ({ request: each, createReader: () => plainReader }));
		return runChoices(this.#engine, choices, listener);
	}

	tokenize(text: string, options: { special: boolean; begin: boolean }): ReturnType<InferenceBackend["tokenize"]> {
		return this.#engine.operate<"tokenize">({ kind: "tokenize", text, ...options });
	}

	detokenize(tokens: readonly number[]): ReturnType<InferenceBackend["detokenize"]> {
		return this.#engine.operate<"detokenize">({ kind: "detokenize", tokens });
	}

	renderPrompt(
		...[messages, tools, templateVariables]: Parameters<InferenceBackend["renderPrompt"]>
	): ReturnType<InferenceBackend["renderPrompt"]> {
		return this.#engine.operate<"renderPrompt">({
			kind: "renderPrompt",
			prompt: { kind: "chat", messages, tools, templateVariables },
		});
	}

	embed(inputs: readonly (string | readonly number[])[], signal: AbortSignal): ReturnType<InferenceBackend["embed"]> {
		return this.#engine.operate<"embed">({ kind: "embed", inputs }, signal);
	}

	rerank(query: string, documents: readonly string[], signal: AbortSignal): ReturnType<InferenceBackend["rerank"]> {
		return this.#engine.operate<"rerank">({ kind: "rerank", query, documents }, signal);
	}
}
