import type { Answer, AnswerListener, InferenceBackend, ModelProvider, RunningAnswer } from "../serving/backend.ts";
import type { AnswerMeasure, AnswerMetrics } from "./answer-metrics.ts";

function measured(listener: AnswerListener, measure: AnswerMeasure): AnswerListener {
	return {
		onAccepted: (promptTokens) => listener.onAccepted(promptTokens),
		onProgress: (progress) => listener.onProgress?.(progress),
		onDelta: (choice, delta, logprobs) => {
			measure.onDelta();
			listener.onDelta(choice, delta, logprobs);
		},
		onFinish: (choice, reason, stopSequence) => listener.onFinish(choice, reason, stopSequence),
		onEnd: (usage, timings) => {
			measure.onEnd(usage, timings);
			listener.onEnd(usage, timings);
		},
		onError: (error) => {
			measure.onFailure(error.code);
			listener.onError(error);
		},
		drained: () => listener.drained?.() ?? null,
	};
}

function cancellable(running: RunningAnswer, measure: AnswerMeasure): RunningAnswer {
	return {
		cancel: () => {
			measure.onFailure("cancelled");
			running.cancel();
		},
	};
}

/** The same model, with everything it is asked measured. */
function measuredBackend(model: string, backend: InferenceBackend, metrics: AnswerMetrics): InferenceBackend {
	const counted = async <T>(operation: string, work: Promise<Answer<T>>): Promise<Answer<T>> => {
		const answer = await work;
		metrics.countOperation(model, operation, answer.ok ? "ok" : answer.error.code);
		return answer;
	};
	return {
		get facts() {
			return backend.facts;
		},
		chat: (request, call, listener) => {
			const measure = metrics.start(model);
			return cancellable(backend.chat(request, call, measured(listener, measure)), measure);
		},
		complete: (request, call, listener) => {
			const measure = metrics.start(model);
			return cancellable(backend.complete(request, call, measured(listener, measure)), measure);
		},
		tokenize: (...args) => counted("tokenize", backend.tokenize(...args)),
		detokenize: (...args) => counted("detokenize", backend.detokenize(...args)),
		renderPrompt: (...args) => counted("render", backend.renderPrompt(...args)),
		embed: (...args) => counted("embed", backend.embed(...args)),
		rerank: (...args) => counted("rerank", backend.rerank(...args)),
	};
}

/** Hands out the same models, measured by the names that they have on this host. */
export function measuredProvider(provider: ModelProvider, metrics: AnswerMetrics): ModelProvider {
	return {
		async acquire(wish) {
			const held = await provider.acquire(wish);
			if (!held.ok) {
				return held;
			}
			const { modelId, backend, defaults, release } = held.value;
			return { ok: true, value: { modelId, backend: measuredBackend(modelId, backend, metrics), defaults, release } };
		},
	};
}
