import type { ErrorCode } from "@opta/contracts/error-codes";
import type { ChatMessage, ChatTool, PromptProgress, TokenLogprob } from "@opta/contracts/schema/lmx-chat";
import type { LoadStage } from "@opta/contracts/schema/lmx-events";
import type { SavedPrefixSettings } from "./cache/saved-prefixes.ts";
import type { Backend } from "./library/platform-build.ts";
import type { ThinkingMarks } from "./prompt/thinking-marks.ts";
import type { ToolFormat } from "./prompt/tool-format.ts";
import type { SamplingSettings } from "./sampling/sampler.ts";
import type { GenerationResult } from "./scheduler/generation.ts";
import type { QueuePlace, SchedulerLoad } from "./scheduler/scheduler-load.ts";
import type { SpeculationSettings } from "./speculation/speculation.ts";

/** How a model is to be run. */
export interface EngineSettings {
	/** Path of the GGUF file. */
	readonly file: string;
	/** The same weights in a form that this processor computes faster, used where the file is there; null: none are to be used. */
	readonly preparedFile: string | null;
	/** Names the model in the file of measured thread counts: the same file has the same key. */
	readonly modelKey: string;
	/** Null: what the model was trained for, up to the default limit. */
	readonly contextTokens: number | null;
	readonly sequences: number;
	readonly queueLimit: number;
	/** Longest step while answers are generated; null: as the speed of the machine allows. */
	readonly stepBudgetMs: number | null;
	/** Null: measured. */
	readonly threads: number | null;
	readonly backend: Backend;
	/** Layers on the graphics card, where there is one; null: all. */
	readonly gpuLayers: number | null;
	readonly defaultSystemPrompt: string | null;
	/** Where measured thread counts are kept. */
	readonly threadsFile: string;
	/** Where beginnings of prompts are saved; null: nothing of a prompt outlives the process. */
	readonly savedPrefixes: SavedPrefixSettings | null;
	/** How tokens are guessed ahead; null: they are not. */
	readonly speculation: SpeculationSettings | null;
}

/** What a request gives the model to read. */
export type PromptInput =
	| {
			readonly kind: "chat";
			readonly messages: readonly ChatMessage[];
			/** Null: the chat has no tools, and the template is told of none. */
			readonly tools: readonly ChatTool[] | null;
			/** Further variables for the chat template, such as `enable_thinking`. */
			readonly templateVariables: Readonly<Record<string, unknown>>;
	  }
	/** `suffix`: text after the gap, for models that fill in the middle. */
	| { readonly kind: "text"; readonly text: string; readonly suffix: string | null }
	| { readonly kind: "tokens"; readonly tokens: readonly number[] };

/** A grammar in GBNF that the answer must follow. */
export interface EngineGrammar {
	readonly gbnf: string;
	/** Enforced from the first of these texts on (which belongs to the grammar); null: from the first token. */
	readonly triggers: readonly string[] | null;
}

/** Waiting requests of a higher priority come first. */
export const priorities = ["low", "normal", "high"] as const;

/** Priority of a request. */
export type Priority = (typeof priorities)[number];

/** A text to generate. */
export interface EngineRequest {
	/** Unique among the open requests; begins with the id that the request has in logs. */
	readonly id: string;
	readonly prompt: PromptInput;
	/** Null: up to the end of the context. */
	readonly maxTokens: number | null;
	readonly sampling: SamplingSettings;
	readonly stops: readonly string[];
	readonly grammar: EngineGrammar | null;
	/** Alternatives to report beside every token; 0 reports the token alone, null nothing. */
	readonly logprobs: number | null;
	/** The thinking of a model that thinks is ended after this many tokens; null: no limit. */
	readonly reasoningBudgetTokens: number | null;
	/** Says after each step how far the reading of its prompt is. */
	readonly reportsProgress: boolean;
	readonly priority: Priority;
	/** Who asks: requests of one priority are served in turn between clients. */
	readonly client: string;
}

/** Work without generation; each has one result. Token ids and scores travel as plain arrays. */
export type EngineOperation =
	| { readonly kind: "tokenize"; readonly text: string; readonly special: boolean; readonly begin: boolean }
	| { readonly kind: "detokenize"; readonly tokens: readonly number[] }
	| { readonly kind: "renderPrompt"; readonly prompt: PromptInput }
	| { readonly kind: "embed"; readonly inputs: readonly (string | readonly number[])[] }
	| { readonly kind: "rerank"; readonly query: string; readonly documents: readonly string[] };

/** Results of the operations, by kind. */
export interface EngineOperationResults {
	readonly tokenize: { readonly tokens: readonly number[]; readonly pieces: readonly string[] };
	readonly detokenize: { readonly text: string };
	readonly renderPrompt: { readonly text: string; readonly tokens: number };
	readonly embed: { readonly vectors: readonly (readonly number[])[]; readonly promptTokens: number };
	readonly rerank: { readonly scores: readonly number[]; readonly promptTokens: number };
}

/** What the parent tells a model's process. */
export type ToEngine =
	| { readonly type: "load"; readonly settings: EngineSettings }
	| { readonly type: "generate"; readonly request: EngineRequest }
	| { readonly type: "operate"; readonly id: string; readonly operation: EngineOperation }
	| { readonly type: "cancel"; readonly id: string };

/** Facts of a loaded model. */
export interface EngineFacts {
	readonly contextTokens: number;
	readonly sequences: number;
	readonly threads: number;
	/** Threads for prompts and for several answers at once. */
	readonly batchedThreads: number;
	readonly backend: Backend;
	readonly ramBytes: number;
	/** Resident memory before anything was loaded. */
	readonly emptyRamBytes: number;
	readonly loadMs: number;
	/** The prepared file was loaded. */
	readonly preparedWeights: boolean;
	/** As the file names it, such as `llama` or `qwen3`. */
	readonly architecture: string;
	/** The longest context the model was trained for. */
	readonly trainedContextTokens: number;
	/** The chat template itself describes tools to the model. */
	readonly trainedForTools: boolean;
	/** How the model writes calls of tools. */
	readonly toolFormat: ToolFormat;
	/** Between these texts a model that thinks writes its thoughts; null: it does not think. */
	readonly thinking: ThinkingMarks | null;
	/** It can go on with a text; others make only vectors or scores. */
	readonly generates: boolean;
	readonly embeds: boolean;
	/** The model scores documents for a query, and does nothing else. */
	readonly reranks: boolean;
}

/** What a model's process tells its parent. Texts and ends of one step, or of a few, travel together. */
export type FromEngine =
	| { readonly type: "ready"; readonly facts: EngineFacts }
	| { readonly type: "loadFailed"; readonly message: string }
	| {
			readonly type: "accepted";
			readonly id: string;
			readonly promptTokens: number;
			/** The prompt itself opened the thinking part: the answer begins inside it. */
			readonly startsInThinking: boolean;
	  }
	| {
			readonly type: "refused";
			readonly id: string;
			readonly code: ErrorCode;
			readonly message: string;
			readonly param?: string;
			readonly details?: Record<string, unknown>;
	  }
	| {
			readonly type: "output";
			/** Probabilities stand beside the text that they make, for requests that asked. */
			readonly texts: readonly (readonly [id: string, text: string, logprobs?: readonly TokenLogprob[]])[];
			readonly ends: readonly (readonly [id: string, result: GenerationResult])[];
			/** How far prompts are read, of requests that asked. */
			readonly progress: readonly (readonly [id: string, progress: PromptProgress])[];
			readonly load: SchedulerLoad;
			readonly threads: number;
			readonly ramBytes: number;
	  }
	/** Where requests stand that wait for a place, when that has changed. */
	| { readonly type: "queued"; readonly places: readonly QueuePlace[] }
	/** `result` is that of the operation's kind in EngineOperationResults. A failed operation is `refused`. */
	| { readonly type: "operated"; readonly id: string; readonly result: EngineOperationResults[keyof EngineOperationResults] }
	| { readonly type: "loadProgress"; readonly stage: LoadStage; readonly fraction: number | null }
	| { readonly type: "broken"; readonly message: string };
