import type { ErrorCode } from "@opta/contracts/error-codes";
import type {
	ChatDelta,
	ChatMessage,
	ChatRequest,
	ChatTool,
	FinishReason,
	PromptProgress,
	Timings,
	TokenLogprob,
	Usage,
} from "@opta/contracts/schema/lmx-chat";
import type { Priority } from "../engine/engine-messages.ts";

/** Why a request has no answer. */
export interface AnswerError {
	readonly code: ErrorCode;
	readonly message: string;
	readonly param?: string;
	readonly details?: Record<string, unknown>;
}

/** A value, or why there is none. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: AnswerError };

/** Who asks, and how urgently; the same for every route. */
export interface Call {
	/** Travels from browser to child process, and stands in logs. */
	readonly requestId: string;
	/** Requests are served in turn between clients: the API key's name, else the address. */
	readonly client: string;
	readonly priority: Priority;
}

/** What a chat or a completion produces, choice by choice. Deltas are those of the OpenAI reference. */
export interface AnswerListener {
	/** The model took the request: nothing before it was promised, so that refusals still have a status of their own. */
	onAccepted(promptTokens: number): void;
	/** How far the reading of the prompt is, for a request that asked. */
	onProgress?(progress: PromptProgress): void;
	onDelta(choice: number, delta: ChatDelta, logprobs: readonly TokenLogprob[] | null): void;
	/** One choice is complete. `stopSequence` is the stop string that ended it, where one did and the engine knows which. */
	onFinish(choice: number, reason: FinishReason, stopSequence: string | null): void;
	/** All choices are complete; nothing follows. */
	onEnd(usage: Usage, timings: Timings | null): void;
	/** At any time; nothing follows. */
	onError(error: AnswerError): void;
	/** Null while the reader keeps up, else settles when it has read enough; an engine that can wait does. */
	drained?(): Promise<void> | null;
}

/** A running answer. */
export interface RunningAnswer {
	/** Gives it up at the next step; the listener hears nothing more. */
	cancel(): void;
}

/** A text to go on with, as `POST /v1/completions` asks for it. Sampling is that of the chat request. */
export interface CompletionCall
	extends Omit<ChatRequest, "messages" | "model" | "stream" | "stream_options" | "logprobs" | "top_logprobs"> {
	readonly prompt: string | readonly number[];
	readonly suffix: string | null;
	/** Alternatives to report beside every token; null for no probabilities. */
	readonly logprobs: number | null;
}

/** What a model can do, whichever engine runs it. */
export interface BackendFacts {
	readonly contextTokens: number;
	/** The chat template itself knows tools. */
	readonly trainedForTools: boolean;
	readonly thinks: boolean;
	/** Goes on with texts; encoders and rankers do not. */
	readonly generates: boolean;
	readonly embeds: boolean;
	readonly reranks: boolean;
	readonly hasVision: boolean;
}

/** A model that is ready to answer: the child process of a GGUF file, or another server that speaks the OpenAI API. */
export interface InferenceBackend {
	readonly facts: BackendFacts;
	chat(request: ChatRequest, call: Call, listener: AnswerListener): RunningAnswer;
	/** Content deltas only. */
	complete(request: CompletionCall, call: Call, listener: AnswerListener): RunningAnswer;
	tokenize(
		text: string,
		options: { special: boolean; begin: boolean },
	): Promise<Answer<{ tokens: readonly number[]; pieces: readonly string[] }>>;
	detokenize(tokens: readonly number[]): Promise<Answer<{ text: string }>>;
	/** The prompt that the chat template makes, and its length. */
	renderPrompt(
		messages: readonly ChatMessage[],
		tools: readonly ChatTool[] | null,
		variables: Readonly<Record<string, unknown>>,
	): Promise<Answer<{ text: string; tokens: number }>>;
	/** Given up when the signal is aborted; the answer is `cancelled` then. */
	embed(
		inputs: readonly (string | readonly number[])[],
		signal: AbortSignal,
	): Promise<Answer<{ vectors: readonly (readonly number[])[]; promptTokens: number }>>;
	/** Given up as `embed` is. */
	rerank(
		query: string,
		documents: readonly string[],
		signal: AbortSignal,
	): Promise<Answer<{ scores: readonly number[]; promptTokens: number }>>;
}

/** A model that cannot be unloaded while somebody holds it. */
export interface ModelLease {
	/** The name that the answer states. */
	readonly modelId: string;
	readonly backend: InferenceBackend;
	/** System prompt and sampling that apply where the request brings none (of the model, or of the preset that was named). */
	readonly defaults: RequestDefaults;
	/** Must be called once, when the answer has ended; a second call does nothing. */
	release(): void;
}

/** What a request gets that names nothing. */
export interface RequestDefaults {
	readonly systemPrompt: string | null;
	readonly parameters: Readonly<Partial<ChatRequest>>;
}

/** How a request names its model. */
export interface ModelWish {
	/** Undefined or `auto`: the best loaded model, else the configured default. A preset's name is a model name too. */
	readonly model: string | undefined;
	/** How long the model stays after this request; undefined: as configured; null: for ever. */
	readonly keepAliveMs?: number | null;
	/** Aborted when the client leaves while the model is being loaded. */
	readonly signal: AbortSignal;
}

/** Hands out models: loads on demand, makes room, queues behind a load, refuses with numbers. */
export interface ModelProvider {
	acquire(wish: ModelWish): Promise<Answer<ModelLease>>;
}
