import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import type { LoadStage } from "@opta/contracts/schema/lmx-events";
import { PrefixMover } from "./cache/prefix-mover.ts";
import { SavedPrefixes } from "./cache/saved-prefixes.ts";
import { contextLength } from "./context/context-length.ts";
import type { InferenceContext, Vocabulary } from "./context/inference-context.ts";
import { openContext } from "./context/libllama-context.ts";
import { loadModel } from "./context/libllama-model.ts";
import { Embedder } from "./embedding/embedder.ts";
import { embeddingContexts } from "./embedding/libllama-embedding.ts";
import type { EngineFacts, EngineSettings } from "./engine-messages.ts";
import { findLibrary, LibraryUnavailableError, pinnedRelease } from "./library/find-library.ts";
import { bindLibllama } from "./library/libllama.ts";
import { createPromptBuilder, type PromptBuilder } from "./prompt/build-prompt.ts";
import { findThinkingMarks, type ThinkingMarks } from "./prompt/thinking-marks.ts";
import { findToolFormat } from "./prompt/tool-format.ts";
import { StepBudget } from "./scheduler/step-budget.ts";
import type { Drafter } from "./speculation/drafter.ts";
import { openDrafter } from "./speculation/open-drafter.ts";
import { mostDraftRows } from "./speculation/propose-drafts.ts";
import { chooseThreads } from "./threads/choose-threads.ts";

/** A step beside answers ends after this on a machine where they leave room in it. */
const whileGeneratingMs = 150;
/** The same on a machine where they do not, or that others keep busy. */
const mostWhileGeneratingMs = 1000;
/** A step that only reads prompts ends after this, so that new requests and cancels are seen. */
const whileReadingMs = 500;

/** A model that is ready to answer. */
export interface LoadedEngine {
	readonly context: InferenceContext;
	readonly vocabulary: Vocabulary;
	readonly prompts: PromptBuilder;
	readonly thinking: ThinkingMarks | null;
	readonly embedder: Embedder;
	/** How a reranker is asked, when its file says so. */
	readonly rerankTemplate: string | null;
	readonly budget: StepBudget;
	readonly mover: PrefixMover | null;
	readonly drafter: Drafter | null;
	readonly facts: EngineFacts;
	/** Threads in use for a single answer; they follow the machine's load. */
	readonly threads: () => number;
}

/** Why a model could not be loaded, in one sentence for people. */
export class LoadError extends Error {}

/** What is wrong with saved state goes to the log by stderr. */
function openMover(settings: EngineSettings, context: InferenceContext, budget: StepBudget, namespace: string): PrefixMover | null {
	if (settings.savedPrefixes === null || !context.keepsPrefixes) {
		return null;
	}
	const store = new SavedPrefixes(settings.savedPrefixes, namespace, (line) => process.stderr.write(`${line}\n`));
	return new PrefixMover(
		context,
		store,
		() => performance.now(),
		() => budget.msPerPromptToken,
	);
}

/** Loads the library and the model, and finds the thread counts. `onStage` hears what is being done. Throws LoadError. */
export async function loadEngine(settings: EngineSettings, onStage: (stage: LoadStage) => void): Promise<LoadedEngine> {
	const startMs = performance.now();
	const emptyRamBytes = process.memoryUsage.rss();
	onStage("reading");
	const files = findLibrary(settings.backend);
	const lib = bindLibllama(files);
	const prepared = settings.preparedFile !== null && existsSync(settings.preparedFile) ? settings.preparedFile : null;
	const gpuLayers = files.build.backend === "cpu" ? 0 : settings.gpuLayers;
	const model = loadModel(lib, prepared ?? settings.file, gpuLayers, prepared === null ? "mapped" : "copied");
	if (model === null) {
		throw new LoadError(
			`The model file ${settings.file} cannot be loaded: it is damaged, cut short, or of a kind that this engine does not know.`,
		);
	}
	const cores = availableParallelism();
	const contextTokens = contextLength(settings.contextTokens, model.trainedContextTokens);
	onStage("context");
	const poolThreads = settings.threads ?? cores;
	const context = openContext(lib, model, {
		contextTokens,
		sequences: settings.sequences,
		poolThreads,
		draftTokens: settings.speculation === null ? 0 : mostDraftRows,
	});
	if (context === null) {
		throw new LoadError(`There is not enough memory for a context of ${contextTokens} tokens. Choose a smaller one with --context-tokens.`);
	}
	const engine = `${files.build.folder} ${pinnedRelease}${prepared === null ? "" : " prepared"}`;
	onStage("measuring");
	const threads = await chooseThreads(context, settings, { cores, engine, onGpu: model.onGpu });
	let drafter: Drafter | null = null;
	if (settings.speculation !== null) {
		const { sequences } = settings;
		const opened = openDrafter(lib, model, settings.speculation, { contextTokens, sequences, threads: threads.single });
		if (!opened.ok) {
			throw new LoadError(opened.message);
		}
		drafter = opened.drafter;
	}
	const { vocabulary, chatTemplate, toolTemplate } = model;
	const thinking = findThinkingMarks(chatTemplate, (text) => vocabulary.tokenize(text, { special: true, begin: false }).length === 1);
	const prompts = createPromptBuilder({
		vocabulary,
		chatTemplate,
		toolTemplate,
		thinking,
		defaultSystemPrompt: settings.defaultSystemPrompt,
	});
	const { stepBudgetMs } = settings;
	const limits = {
		whileGeneratingMs: stepBudgetMs ?? whileGeneratingMs,
		mostWhileGeneratingMs: stepBudgetMs ?? mostWhileGeneratingMs,
		whileReadingMs: Math.max(stepBudgetMs ?? 0, whileReadingMs),
	};
	const budget = new StepBudget(limits, context.batchTokens, threads.msPerPromptToken);
	return {
		context,
		vocabulary,
		prompts,
		thinking,
		threads: context.threads,
		budget,
		embedder: new Embedder({
			open: embeddingContexts(lib, model, threads.batched),
			pooling: model.pooling,
			inputTokens: model.isCausal ? context.contextTokens : model.trainedContextTokens,
			stepTokens: () => budget.promptTokens(1),
			defer: setImmediate,
		}),
		rerankTemplate: model.rerankTemplate,
		drafter,
		mover: openMover(settings, context, budget, `${settings.modelKey} | ${engine}`),
		facts: {
			contextTokens: context.contextTokens,
			sequences: context.sequences,
			threads: threads.single,
			batchedThreads: threads.batched,
			backend: model.onGpu ? files.build.backend : "cpu",
			ramBytes: process.memoryUsage.rss(),
			emptyRamBytes,
			loadMs: performance.now() - startMs,
			preparedWeights: prepared !== null,
			architecture: model.architecture,
			trainedContextTokens: model.trainedContextTokens,
			trainedForTools: prompts.trainedForTools,
			toolFormat: findToolFormat(toolTemplate ?? chatTemplate),
			thinking,
			generates: model.isCausal && model.pooling !== "rank",
			embeds: model.pooling !== "rank",
			reranks: model.pooling === "rank",
		},
	};
}

/** The sentence that tells why loading failed. */
export function loadFailureMessage(error: unknown): string {
	if (error instanceof LoadError || error instanceof LibraryUnavailableError) {
		return error.message;
	}
	return `The model could not be loaded: ${error instanceof Error ? error.message : String(error)}`;
}
