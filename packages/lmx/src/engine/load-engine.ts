import { availableParallelism } from "node:os";
import { PrefixMover } from "./cache/prefix-mover.ts";
import { SavedPrefixes } from "./cache/saved-prefixes.ts";
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
import { calibrate } from "./threads/calibrate.ts";
import { createIdleMeter } from "./threads/idle-cores.ts";
import { threadCandidates } from "./threads/thread-candidates.ts";
import { machineKey, readThreadSettings, type ThreadSettings, writeThreadSettings } from "./threads/thread-settings.ts";
import { generatingPace, readingPace, ThreadTuner } from "./threads/thread-tuner.ts";

/** Without a wish, a context is not longer than this: its cache is taken from memory at once. */
const defaultContextTokens = 8192;
/** With a GPU the processor only feeds it. */
const gpuFeedThreads = 4;
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
	readonly facts: EngineFacts;
	/** Threads in use for a single answer; they follow the machine's load. */
	readonly threads: () => number;
}

/** Why a model could not be loaded, in one sentence for people. */
export class LoadError extends Error {}

/** A measurement that cannot be kept is made again at the next start; stderr goes to the log. */
function keepThreadSettings(file: string, key: string, threads: ThreadSettings): void {
	try {
		writeThreadSettings(file, key, threads);
	} catch (error) {
		process.stderr.write(`Measured thread counts cannot be kept in ${file}: ${String(error)}\n`);
	}
}

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

/** Loads the library and the model, and finds the thread counts. Throws LoadError. */
export async function loadEngine(settings: EngineSettings): Promise<LoadedEngine> {
	const startMs = performance.now();
	const files = findLibrary(settings.backend);
	const lib = bindLibllama(files);
	const model = loadModel(lib, settings.file, files.build.backend !== "cpu");
	if (model === null) {
		throw new LoadError(
			`The model file ${settings.file} cannot be loaded: it is damaged, cut short, or of a kind that this engine does not know.`,
		);
	}
	const cores = availableParallelism();
	const contextTokens = settings.contextTokens ?? Math.min(model.trainedContextTokens, defaultContextTokens);
	const poolThreads = settings.threads ?? cores;
	const context = openContext(lib, model, { contextTokens, sequences: settings.sequences, poolThreads, draftTokens: 0 });
	if (context === null) {
		throw new LoadError(`There is not enough memory for a context of ${contextTokens} tokens. Choose a smaller one with --context-tokens.`);
	}
	let threads: ThreadSettings | null = null;
	if (settings.threads === null && !model.onGpu) {
		const key = machineKey(settings.modelKey, cores, `${files.build.folder} ${pinnedRelease}`);
		threads = readThreadSettings(settings.threadsFile, key);
		if (threads === null) {
			threads = await calibrate(context, cores, 1);
			keepThreadSettings(settings.threadsFile, key, threads);
		}
	}
	const single = threads?.single ?? settings.threads ?? Math.min(cores, gpuFeedThreads);
	const batched = threads?.batched ?? single;
	context.setThreads(single, batched);
	if (threads !== null) {
		const candidates = threadCandidates(cores);
		context.tuneThreads({
			single: new ThreadTuner(candidates, { threads: single, expectedMs: threads.msPerToken }, generatingPace, createIdleMeter()),
			batched: new ThreadTuner(candidates, { threads: batched, expectedMs: null }, generatingPace, createIdleMeter()),
			reading: new ThreadTuner(candidates, { threads: batched, expectedMs: threads.msPerPromptToken }, readingPace, createIdleMeter()),
		});
	}
	const { vocabulary, chatTemplate } = model;
	const thinking = findThinkingMarks(chatTemplate, (text) => vocabulary.tokenize(text, { special: true, begin: false }).length === 1);
	const prompts = createPromptBuilder({ vocabulary, chatTemplate, thinking, defaultSystemPrompt: settings.defaultSystemPrompt });
	const limits = { whileGeneratingMs: settings.stepBudgetMs, whileReadingMs: Math.max(settings.stepBudgetMs, whileReadingMs) };
	const budget = new StepBudget(limits, context.batchTokens, threads?.msPerPromptToken ?? null);
	return {
		context,
		vocabulary,
		prompts,
		thinking,
		threads: context.threads,
		budget,
		embedder: new Embedder({
			open: embeddingContexts(lib, model, batched),
			pooling: model.pooling,
			inputTokens: model.isCausal ? context.contextTokens : model.trainedContextTokens,
			stepTokens: () => budget.promptTokens(1),
			defer: setImmediate,
		}),
		rerankTemplate: model.rerankTemplate,
		mover: openMover(settings, context, budget, `${settings.modelKey} | ${files.build.folder} ${pinnedRelease}`),
		facts: {
			contextTokens: context.contextTokens,
			sequences: context.sequences,
			threads: single,
			batchedThreads: batched,
			backend: model.onGpu ? files.build.backend : "cpu",
			ramBytes: process.memoryUsage.rss(),
			loadMs: performance.now() - startMs,
			architecture: model.architecture,
			trainedContextTokens: model.trainedContextTokens,
			trainedForTools: prompts.trainedForTools,
			toolFormat: findToolFormat(chatTemplate),
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
