import type { ChatMessage, ChatRequest } from "@opta/contracts/schema/lmx-chat";
import { z } from "zod";
import type {
	Answer,
	AnswerError,
	AnswerListener,
	BackendFacts,
	Call,
	CompletionCall,
	InferenceBackend,
	RunningAnswer,
} from "../serving/backend.ts";
import { type DialectName, translateParameters } from "./dialect.ts";
import { streamAnswer } from "./stream-answer.ts";
import type { Upstream, UpstreamRequest } from "./upstream.ts";

/** A model of another server. */
export interface OpenAiModel {
	/** As the other server calls it. */
	readonly name: string;
	readonly dialect: DialectName;
	readonly contextTokens: number | null;
}

const tokensSchema = z.looseObject({ tokens: z.array(z.looseObject({ id: z.int(), piece: z.string() })) });
const contentSchema = z.looseObject({ content: z.string() });
const promptSchema = z.looseObject({ prompt: z.string(), prompt_tokens: z.int().default(0) });
const embeddingsSchema = z.looseObject({
	data: z.array(z.looseObject({ index: z.int(), embedding: z.array(z.number()) })),
	usage: z.looseObject({ prompt_tokens: z.int() }).nullish(),
});
const rerankSchema = z.looseObject({
	results: z.array(z.looseObject({ index: z.int(), relevance_score: z.number() })),
	usage: z.looseObject({ prompt_tokens: z.int().optional(), total_tokens: z.int().optional() }).nullish(),
});

function refused(error: AnswerError, listener: AnswerListener): RunningAnswer {
	let isOver = false;
	queueMicrotask(() => isOver || listener.onError(error));
	return {
		cancel: () => {
			isOver = true;
		},
	};
}

/** Messages for servers whose templates know neither the role `developer` nor messages in parts. */
function plainMessages(messages: readonly ChatMessage[]): unknown[] {
	return messages.map((message) => ({
		...message,
		role: message.role === "developer" ? "system" : message.role,
		...(Array.isArray(message.content) && message.content.every(({ type }) => type === "text")
			? { content: message.content.map((part) => (part.type === "text" ? part.text : "")).join("") }
			: {}),
	}));
}

/** A model that another server runs, asked over the OpenAI API. */
export class OpenAiBackend implements InferenceBackend {
	readonly facts: BackendFacts;
	readonly #upstream: Upstream;
	readonly #model: OpenAiModel;

	constructor(upstream: Upstream, model: OpenAiModel) {
		this.#upstream = upstream;
		this.#model = model;
		// What the other server cannot do it refuses itself, in words that are passed on.
		this.facts = {
			contextTokens: model.contextTokens ?? 0,
			trainedForTools: true,
			thinks: true,
			generates: true,
			embeds: model.dialect !== "mlx",
			reranks: model.dialect !== "mlx",
			hasVision: model.dialect === "openai",
		};
	}

	chat(request: ChatRequest, call: Call, listener: AnswerListener): RunningAnswer {
		const { model: _model, messages, stream: _stream, stream_options: _options, ...rest } = request;
		if (this.#model.dialect === "mlx" && request.tools != null && request.tool_choice != null && request.tool_choice !== "auto") {
			const message = `The model runs on the server ${this.#upstream.name}, which cannot be told which tool to call. Leave tool_choice at "auto".`;
			return refused({ code: "unsupported_parameter", message, param: "tool_choice" }, listener);
		}
		return this.#generate("/chat/completions", rest, { messages: plainMessages(messages) }, call, listener);
	}

	complete(request: CompletionCall, call: Call, listener: AnswerListener): RunningAnswer {
		const { prompt, ...rest } = request;
		return this.#generate("/completions", rest, { prompt }, call, listener);
	}

	async tokenize(text: string, { special, begin }: { special: boolean; begin: boolean }): ReturnType<InferenceBackend["tokenize"]> {
		const body = { content: text, add_special: begin, parse_special: special, with_pieces: true };
		const answer = await this.#ask({ method: "POST", base: "root", path: "/tokenize", body }, tokensSchema, "tokenize");
		return answer.ok
			? { ok: true, value: { tokens: answer.value.tokens.map(({ id }) => id), pieces: answer.value.tokens.map(({ piece }) => piece) } }
			: answer;
	}

	async detokenize(tokens: readonly number[]): ReturnType<InferenceBackend["detokenize"]> {
		const answer = await this.#ask({ method: "POST", base: "root", path: "/detokenize", body: { tokens } }, contentSchema, "detokenize");
		return answer.ok ? { ok: true, value: { text: answer.value.content } } : answer;
	}

	async renderPrompt(
		...[messages, tools, variables]: Parameters<InferenceBackend["renderPrompt"]>
	): ReturnType<InferenceBackend["renderPrompt"]> {
		const body = { messages, ...(tools === null ? {} : { tools }), chat_template_kwargs: variables };
		const answer = await this.#ask({ method: "POST", base: "root", path: "/apply-template", body }, promptSchema, "show prompts");
		return answer.ok ? { ok: true, value: { text: answer.value.prompt, tokens: answer.value.prompt_tokens } } : answer;
	}

	async embed(inputs: readonly (string | readonly number[])[], signal: AbortSignal): ReturnType<InferenceBackend["embed"]> {
		const body = { input: inputs, encoding_format: "float" };
		const answer = await this.#ask({ method: "POST", path: "/embeddings", body, signal }, embeddingsSchema, null);
		if (!answer.ok) {
			return answer;
		}
		const { data, usage } = answer.value;
		const vectors = data.toSorted((a, b) => a.index - b.index).map(({ embedding }) => embedding);
		return vectors.length === inputs.length
			? { ok: true, value: { vectors, promptTokens: usage?.prompt_tokens ?? 0 } }
			: { ok: false, error: this.#strange() };
	}

	async rerank(query: string, documents: readonly string[], signal: AbortSignal): ReturnType<InferenceBackend["rerank"]> {
		const answer = await this.#ask({ method: "POST", path: "/rerank", body: { query, documents }, signal }, rerankSchema, null);
		if (!answer.ok) {
			return answer;
		}
		const { results, usage } = answer.value;
		const scores = new Map(results.map(({ index, relevance_score }) => [index, relevance_score]));
		return documents.every((_, index) => scores.has(index))
			? {
					ok: true,
					value: {
						scores: documents.map((_, index) => scores.get(index) ?? 0),
						promptTokens: usage?.prompt_tokens ?? usage?.total_tokens ?? 0,
					},
				}
			: { ok: false, error: this.#strange() };
	}

	#generate(
		path: string,
		parameters: Parameters<typeof translateParameters>[2],
		content: Readonly<Record<string, unknown>>,
		{ requestId }: Call,
		listener: AnswerListener,
	): RunningAnswer {
		const translated = translateParameters(this.#upstream.name, this.#model.dialect, parameters);
		if (!translated.ok) {
			return refused(translated.error, listener);
		}
		const body = {
			model: this.#model.name,
			...content,
			...translated.parameters,
			stream: true,
			stream_options: { include_usage: true },
		};
		const choices = typeof parameters.n === "number" ? parameters.n : 1;
		return streamAnswer(this.#upstream, { method: "POST", path, body, requestId }, choices, listener);
	}

	/** `onlyLmx` says what only LMX and llama-server do; null for what belongs to the OpenAI API or is common beside it. */
	async #ask<T>(request: UpstreamRequest & { readonly body: object }, schema: z.ZodType<T>, onlyLmx: string | null): Promise<Answer<T>> {
		if (onlyLmx !== null && this.#model.dialect !== "lmx") {
			const message = `The model runs on the server ${this.#upstream.name}, which does not ${onlyLmx}. Ask a model of this host.`;
			return { ok: false, error: { code: "invalid_request", message } };
		}
		const answer = await this.#upstream.json({ ...request, body: { model: this.#model.name, ...request.body } });
		if (!answer.ok) {
			return answer;
		}
		const parsed = schema.safeParse(answer.value);
		return parsed.success ? { ok: true, value: parsed.data } : { ok: false, error: this.#strange() };
	}

	#strange(): AnswerError {
		return { code: "model_crashed", message: `The server ${this.#upstream.name} sent an answer that nobody understands.` };
	}
}
