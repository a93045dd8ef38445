import type { ErrorCode } from "@opta/contracts/error-codes";
import type { VolatileEvent } from "@opta/contracts/schema/daemon-events";

/** Who answers. */
export type ModelProvider = "lmx" | "anthropic";

/** A call of a tool as the model wrote it: `argumentsText` should be the JSON of an object, and may be broken. */
export interface ModelCall {
	readonly id: string;
	readonly name: string;
	readonly argumentsText: string;
}

/** One message of what a model is asked. */
export type ModelMessage =
	| { readonly role: "system" | "user"; readonly content: string }
	| { readonly role: "assistant"; readonly content: string; readonly calls: readonly ModelCall[] }
	| { readonly role: "tool"; readonly callId: string; readonly content: string; readonly ok: boolean };

/** A tool as models are told of it. */
export interface ModelTool {
	readonly name: string;
	readonly description: string;
	readonly parameters: Readonly<Record<string, unknown>>;
}

/** What a model is asked. The same request in other bytes is read anew, so builders keep order and spelling. */
export interface ModelRequest {
	readonly model: string;
	readonly messages: readonly ModelMessage[];
	readonly tools: readonly ModelTool[];
	readonly temperature?: number;
	readonly maxTokens?: number;
}

/** Stage of a request before its first token. */
export type ProgressStage = Extract<VolatileEvent, { type: "turn.progress" }>["data"]["stage"];

/** Tokens of one answer; `cachedTokens` is the part of `promptTokens` that was not read again. */
export interface ModelUsage {
	readonly promptTokens: number;
	readonly cachedTokens: number;
	readonly completionTokens: number;
}

/** Speed as the server measured it; null where it says nothing. */
export interface ModelSpeed {
	readonly promptTokensPerSecond: number | null;
	readonly tokensPerSecond: number | null;
}

/** Why there is no answer. */
export interface ModelFailure {
	readonly code: ErrorCode;
	/** What happened and what to do, for people. */
	readonly message: string;
	/** Text or calls had begun to arrive: asking again would say them twice. */
	readonly hadOutput: boolean;
	/** How long the server asks to wait before the next try. */
	readonly retryAfterMs: number | null;
	/** The server was not reached at all. */
	readonly unreachable: boolean;
}

/** What an answer says, in order; ends with exactly one `done` or `failed`. */
export type ModelEvent =
	| {
			readonly type: "progress";
			readonly stage: ProgressStage;
			readonly fraction: number | null;
			readonly message: string | null;
	  }
	| { readonly type: "text"; readonly text: string }
	| { readonly type: "reasoning"; readonly text: string }
	/** A call is complete. */
	| { readonly type: "call"; readonly call: ModelCall }
	| {
			readonly type: "done";
			readonly model: string;
			readonly reason: "stop" | "length" | "tool_calls";
			readonly usage: ModelUsage;
			readonly speed: ModelSpeed;
	  }
	| { readonly type: "failed"; readonly failure: ModelFailure };

/** A model that a server offers. */
export interface OfferedModel {
	readonly id: string;
	readonly state: string | null;
	readonly contextTokens: number | null;
	readonly vision: boolean;
	/** Size of its file; null for what is none: a preset, a model of another server. */
	readonly fileBytes: number | null;
}

/** A value, or why there is none. */
export type ModelResult<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: ModelFailure };

/** A server of models. */
export interface ModelSource {
	readonly provider: ModelProvider;
	/** For people; null where it cannot be known before it is asked. */
	readonly address: () => string | null;
	/** Asks once; never throws. An abort ends it with a failure `cancelled`, and the server is told. */
	readonly ask: (request: ModelRequest, signal: AbortSignal) => AsyncIterable<ModelEvent>;
	readonly models: (signal: AbortSignal) => Promise<ModelResult<readonly OfferedModel[]>>;
	/** Ends connections. */
	readonly close: () => Promise<void>;
}
