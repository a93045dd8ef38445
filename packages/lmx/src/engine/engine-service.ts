import type { PrefixMover } from "./cache/prefix-mover.ts";
import type { InferenceContext, Vocabulary } from "./context/inference-context.ts";
import type { Embedder } from "./embedding/embedder.ts";
import type { EngineOperation, EngineRequest, FromEngine, PromptInput } from "./engine-messages.ts";
import { createGrammarLoader } from "./grammar/load-grammar.ts";
import { runOperation } from "./operations.ts";
import { nothingToSay, Outbox, type OutboxContent } from "./outbox.ts";
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

/** While a long prompt is read or many texts are embedded, the parent hears this often that it goes on. */
const lifeSignMs = 1000;

/** Starts the service of a loaded model. */
export function createEngineService(parts: EngineParts): EngineService {
	const { context, vocabulary, prompts, thinking, budget, queueLimit, send, onBroken } = parts;
	const loadGrammar = createGrammarLoader(vocabulary);
	const closing = thinking === null ? new Int32Array() : vocabulary.tokenize(closingText(thinking), { special: true, begin: false });
	const pending = new Map<string, AbortController>();
	const outbox = new Outbox();
	const queueReport = new QueueReport();
	let sentAtMs = 0;
	let shownWork = "";
	const sendOutput = (content: OutboxContent): void => {
		sentAtMs = performance.now();
		send({ type: "output", ...content, load: scheduler.load(), threads: parts.threads(), ramBytes: process.memoryUsage.rss() });
	};
	const flush = (): void => {
		const nowMs = performance.now();
		const content = outbox.take(nowMs);
		const work = `${scheduler.active} ${scheduler.queued}`;
		if (content !== null || work !== shownWork || nowMs - sentAtMs >= lifeSignMs) {
			shownWork = work;
			sendOutput(content ?? nothingToSay);
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

	setInterval(() => {
		if (pending.size > 0) {
			sendOutput(nothingToSay);
		}
	}, lifeSignMs).unref();

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

	async function start(request: EngineRequest, cancelled: AbortSignal): Promise<void> {
		if (!parts.generates) {
			const message = "This model makes embeddings or scores only; it cannot write. Choose another model.";
			throw new RefusalError("invalid_request", message, { param: "model" });
		}
		const { id, prompt: input } = request;
		const prompt = await prompts.build(input);
		if (cancelled.aborted) {
			return;
		}
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
				...(request.reportsProgress ? { onProgress: (progress) => outbox.setProgress(id, progress) } : {}),
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

	/** Runs what may be cancelled or refused before it has ended. */
	function run(id: string, work: (cancelled: AbortSignal) => Promise<void>): void {
		const cancelling = new AbortController();
		pending.set(id, cancelling);
		work(cancelling.signal)
			.catch((error: unknown) => cancelling.signal.aborted || refuse(id, error))
			.finally(() => pending.delete(id));
	}

	return {
		generate(request) {
			run(request.id, (cancelled) => start(request, cancelled));
		},
		operate(id, operation) {
			run(id, async (cancelled) => send({ type: "operated", id, result: await runOperation(parts, operation, cancelled) }));
		},
		cancel(id) {
			pending.get(id)?.abort();
			scheduler.cancel(id);
			outbox.drop(id);
			sendOutput(nothingToSay);
		},
	};
}
