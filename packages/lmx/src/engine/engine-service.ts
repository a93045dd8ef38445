import type { PrefixMover } from "./cache/prefix-mover.ts";
import type { InferenceContext, Vocabulary } from "./context/inference-context.ts";
import type { Embedder } from "./embedding/embedder.ts";
import type { EngineOperation, EngineRequest, FromEngine, PromptInput } from "./engine-messages.ts";
import { createGrammarLoader } from "./grammar/load-grammar.ts";
import { runOperation } from "./operations.ts";
import { Outbox, type OutboxContent } from "./outbox.ts";
import type { BuiltPrompt, PromptBuilder } from "./prompt/build-prompt.ts";
import { closingText, type ThinkingMarks } from "./prompt/thinking-marks.ts";
import { QueueReport } from "./queue-report.ts";
import { RefusalError } from "./refusal.ts";
import { Scheduler } from "./scheduler/scheduler.ts";
import type { StepBudget } from "./scheduler/step-budget.ts";
import type { ThinkingSettings } from "./scheduler/thinking-watch.ts";
import type { Drafter } from "./speculation/drafter.ts";

/** What a running model consists of. */
export interface EngineParts {
	readonly context: InferenceContext;
	readonly vocabulary: Vocabulary;
	readonly prompts: PromptBuilder;
	readonly thinking: ThinkingMarks | null;
	readonly embedder: Embedder;
	readonly rerankTemplate: string | null;
	/** It can go on with a text. */
	readonly generates: boolean;
	readonly budget: StepBudget;
	/** Moves beginnings of prompts to and from disk; null when nothing is to be saved. */
	readonly mover: PrefixMover | null;
	/** Guesses ahead of answers; null when nothing is to be guessed. */
	readonly drafter: Drafter | null;
	readonly queueLimit: number;
	/** Threads in use for a single answer. */
	readonly threads: () => number;
	readonly send: (message: FromEngine) => void;
	readonly onBroken: (error: unknown) => void;
}

/** Answers the requests of one model. */
export interface EngineService {
	generate(request: EngineRequest): void;
	operate(id: string, operation: EngineOperation): void;
	cancel(id: string): void;
}

/** Throws RefusalError for a prompt that leaves no room for an answer. */
function checkLength({ kind }: PromptInput, promptTokens: number, contextTokens: number): void {
	const param = kind === "chat" ? "messages" : "prompt";
	if (promptTokens === 0) {
		throw new RefusalError("invalid_request", "The prompt is empty for this model. Send some text.", { param });
	}
	if (promptTokens >= contextTokens) {
		const message = `The prompt has ${promptTokens} tokens, but this model's context holds ${contextTokens} including the answer. Shorten it, or choose a model with a longer context.`;
		throw new RefusalError("context_length_exceeded", message, { param, details: { promptTokens, contextTokens } });
	}
}

/** Starts the service of a loaded model. */
export function createEngineService(parts: EngineParts): EngineService {
	const { context, vocabulary, prompts, thinking, budget, queueLimit, send, onBroken } = parts;
	const loadGrammar = createGrammarLoader(vocabulary);
	const closing = thinking === null ? new Int32Array() : vocabulary.tokenize(closingText(thinking), { special: true, begin: false });
	const operations = new Map<string, AbortController>();
	const outbox = new Outbox();
	const queueReport = new QueueReport();
	const sendOutput = (content: OutboxContent): void => {
		send({ type: "output", ...content, load: scheduler.load(), threads: parts.threads(), ramBytes: process.memoryUsage.rss() });
	};
	const flush = (): void => {
		const nowMs = performance.now();
		const content = outbox.take(nowMs);
		if (content !== null) {
			sendOutput(content);
		}
		const places = queueReport.take(scheduler.queued, () => scheduler.places(), nowMs);
		if (places !== null) {
			send({ type: "queued", places });
		}
	};
	const scheduler = new Scheduler({
		context,
		vocabulary,
		budget,
		mover: parts.mover,
		drafter: parts.drafter,
		queueLimit,
		now: () => performance.now(),
		defer: setImmediate,
		onStep: flush,
		onBroken,
	});

	function refuse(id: string, error: unknown): void {
		if (error instanceof RefusalError) {
			const { code, message, param, details } = error;
			send({
				type: "refused",
				id,
				code,
				message,
				...(param === undefined ? {} : { param }),
				...(details === undefined ? {} : { details }),
			});
			return;
		}
		process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
		send({ type: "refused", id, code: "internal", message: "The model's process failed at this request. Its log says why." });
	}

	function thinkingOf({ prompt, reasoningBudgetTokens }: EngineRequest, { startsInThinking }: BuiltPrompt): ThinkingSettings | null {
		return thinking === null || prompt.kind !== "chat"
			? null
			: { marks: thinking, startsInside: startsInThinking, budgetTokens: reasoningBudgetTokens, closing };
	}

	function start(request: EngineRequest): void {
		if (!parts.generates) {
			const message = "This model makes embeddings or scores only; it cannot write. Choose another model.";
			throw new RefusalError("invalid_request", message, { param: "model" });
		}
		const { id, prompt: input } = request;
		const prompt = prompts.build(input);
		checkLength(input, prompt.tokens.length, context.contextTokens);
		const accepted = scheduler.submit(
			{
				id,
				prompt: prompt.tokens,
				maxTokens: request.maxTokens ?? context.contextTokens,
				sampling: request.sampling,
				stops: request.stops,
				grammar: request.grammar === null ? null : loadGrammar(request.grammar),
				logprobs: request.logprobs,
				thinking: thinkingOf(request, prompt),
				priority: request.priority,
				client: request.client,
			},
			{
				onText: (text, logprobs) => outbox.addText(id, text, logprobs),
				onEnd: (result) => outbox.addEnd(id, result),
				onError(code, message) {
					outbox.drop(id);
					send({ type: "refused", id, code, message });
				},
			},
		);
		if (!accepted) {
			throw new RefusalError(
				"queue_full",
				`All ${context.sequences} places are taken and ${queueLimit} requests wait already. Try again in a few seconds.`,
			);
		}
		send({ type: "accepted", id, promptTokens: prompt.tokens.length, startsInThinking: prompt.startsInThinking });
	}

	return {
		generate(request) {
			try {
				start(request);
			} catch (error) {
				refuse(request.id, error);
			}
		},
		operate(id, operation) {
			const cancelling = new AbortController();
			operations.set(id, cancelling);
			runOperation(parts, operation, cancelling.signal)
				.then(
					(result) => send({ type: "operated", id, result }),
					(error: unknown) => cancelling.signal.aborted || refuse(id, error),
				)
				.finally(() => operations.delete(id));
		},
		cancel(id) {
			operations.get(id)?.abort();
			scheduler.cancel(id);
			outbox.drop(id);
			sendOutput({ texts: [], ends: [] });
		},
	};
}
