import type { ErrorCode } from "@opta/contracts/error-codes";
import type { ChatMessage } from "@opta/contracts/schema/lmx-chat";
import type { Backend } from "./library/platform-build.ts";
import type { SamplingSettings } from "./sampling/sampler.ts";
import type { GenerationResult } from "./scheduler/generation.ts";
import type { SchedulerLoad } from "./scheduler/scheduler.ts";

/** How a model is to be run. */
export interface EngineSettings {
	/** Path of the GGUF file. */
	readonly file: string;
	/** Names the model in the file of measured thread counts: the same file has the same key. */
	readonly modelKey: string;
	/** Null: what the model was trained for, up to the default limit. */
	readonly contextTokens: number | null;
	readonly sequences: number;
	readonly queueLimit: number;
	/** Longest step while answers are generated. */
	readonly stepBudgetMs: number;
	/** Null: measured. */
	readonly threads: number | null;
	readonly backend: Backend;
	readonly defaultSystemPrompt: string | null;
	/** Where measured thread counts are kept. */
	readonly threadsFile: string;
}

/** A chat to answer. */
export interface EngineRequest {
	/** Unique among the open requests; begins with the id that the request has in logs. */
	readonly id: string;
	readonly messages: readonly ChatMessage[];
	/** Null: up to the end of the context. */
	readonly maxTokens: number | null;
	readonly sampling: SamplingSettings;
	readonly stops: readonly string[];
}

/** What the parent tells a model's process. */
export type ToEngine =
	| { readonly type: "load"; readonly settings: EngineSettings }
	| { readonly type: "generate"; readonly request: EngineRequest }
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
	readonly loadMs: number;
}

/** What a model's process tells its parent. Texts and ends of one step, or of a few, travel together. */
export type FromEngine =
	| { readonly type: "ready"; readonly facts: EngineFacts }
	| { readonly type: "loadFailed"; readonly message: string }
	| { readonly type: "accepted"; readonly id: string; readonly promptTokens: number }
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
			readonly texts: readonly (readonly [id: string, text: string])[];
			readonly ends: readonly (readonly [id: string, result: GenerationResult])[];
			readonly load: SchedulerLoad;
			readonly threads: number;
			readonly ramBytes: number;
	  }
	| { readonly type: "broken"; readonly message: string };
