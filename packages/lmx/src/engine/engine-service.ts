import type { InferenceContext, Vocabulary } from "./context/inference-context.ts";
import type { EngineRequest, FromEngine } from "./engine-messages.ts";
import { Outbox, type OutboxContent } from "./outbox.ts";
import type { BuildPrompt } from "./prompt/build-prompt.ts";
import { TemplateRefusalError } from "./prompt/chat-template.ts";
import { createSampler } from "./sampling/sampler.ts";
import { Scheduler } from "./scheduler/scheduler.ts";
import type { StepBudget } from "./scheduler/step-budget.ts";

/** What a running model consists of. */
export interface EngineParts {
	readonly context: InferenceContext;
	readonly vocabulary: Vocabulary;
	readonly buildPrompt: BuildPrompt;
	readonly budget: StepBudget;
	readonly queueLimit: number;
	/** Threads in use for a single answer. */
	readonly threads: () => number;
	readonly send: (message: FromEngine) => void;
	readonly onBroken: (error: unknown) => void;
}

/** Answers the requests of one model. */
export interface EngineService {
	generate(request: EngineRequest): void;
	cancel(id: string): void;
}

/** Starts the service of a loaded model. */
export function createEngineService(parts: EngineParts): EngineService {
	const { context, vocabulary, buildPrompt, budget, queueLimit, send, onBroken } = parts;
	const outbox = new Outbox();
	const sendOutput = (content: OutboxContent): void => {
		send({ type: "output", ...content, load: scheduler.load(), threads: parts.threads(), ramBytes: process.memoryUsage.rss() });
	};
	const flush = (): void => {
		const content = outbox.take(performance.now());
		if (content !== null) {
			sendOutput(content);
		}
	};
	const scheduler = new Scheduler({
		context,
		vocabulary,
		budget,
		queueLimit,
		now: () => performance.now(),
		defer: setImmediate,
		onStep: flush,
		onBroken,
	});

	function promptOf({ id, prompt: input }: EngineRequest): Int32Array | null {
		try {
			const prompt = input.kind === "chat" ? buildPrompt(input.messages) : new Int32Array();
			if (prompt.length > 0 && prompt.length < context.contextTokens) {
				return prompt;
			}
			send({
				type: "refused",
				id,
				code: prompt.length === 0 ? "invalid_request" : "context_length_exceeded",
				message:
					prompt.length === 0
						? "The chat is empty for this model. Send a message with text."
						: `The chat has ${prompt.length} tokens, but this model's context holds ${context.contextTokens} including the answer. Shorten the chat or choose a model with a longer context.`,
				param: "messages",
				details: { promptTokens: prompt.length, contextTokens: context.contextTokens },
			});
		} catch (error) {
			if (!(error instanceof TemplateRefusalError)) {
				throw error;
			}
			const message = `This model's chat template refuses the messages: ${error.message}`;
			send({ type: "refused", id, code: "invalid_request", message, param: "messages" });
		}
		return null;
	}

	return {
		generate(request) {
			const { id } = request;
			const prompt = promptOf(request);
			if (prompt === null) {
				return;
			}
			const accepted = scheduler.submit(
				{
					id,
					prompt,
					maxTokens: request.maxTokens ?? context.contextTokens,
					sampler: createSampler(request.sampling),
					stops: request.stops,
				},
				{ onText: (text) => outbox.addText(id, text), onEnd: (result) => outbox.addEnd(id, result) },
			);
			send(
				accepted
					? { type: "accepted", id, promptTokens: prompt.length }
					: {
							type: "refused",
							id,
							code: "queue_full",
							message: `All ${context.sequences} places are taken and ${queueLimit} requests wait already. Try again in a few seconds.`,
						},
			);
		},
		cancel(id) {
			scheduler.cancel(id);
			outbox.drop(id);
			sendOutput({ texts: [], ends: [] });
		},
	};
}
