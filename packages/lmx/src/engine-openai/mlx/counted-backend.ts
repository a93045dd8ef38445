import type { AnswerListener, InferenceBackend, RunningAnswer } from "../../serving/backend.ts";

type Start = (listener: AnswerListener) => RunningAnswer;

/** Counts one answer for as long as it runs. */
function counted(start: Start, listener: AnswerListener, load: { active: number }): RunningAnswer {
	let isOver = false;
	const end = (): void => {
		load.active -= isOver ? 0 : 1;
		isOver = true;
	};
	load.active++;
	const running = start({
		onAccepted: (promptTokens) => listener.onAccepted(promptTokens),
		onProgress: (progress) => listener.onProgress?.(progress),
		onDelta: (choice, delta, logprobs) => listener.onDelta(choice, delta, logprobs),
		onFinish: (choice, reason, stopSequence) => listener.onFinish(choice, reason, stopSequence),
		onEnd: (usage, timings) => {
			end();
			listener.onEnd(usage, timings);
		},
		onError: (error) => {
			end();
			listener.onError(error);
		},
		drained: () => listener.drained?.() ?? null,
	});
	return {
		cancel: () => {
			end();
			running.cancel();
		},
	};
}

/** The same model, with its running answers counted in `load`. */
export function countedBackend(backend: InferenceBackend, load: { active: number }): InferenceBackend {
	return {
		facts: backend.facts,
		chat: (request, call, listener) => counted((each) => backend.chat(request, call, each), listener, load),
		complete: (request, call, listener) => counted((each) => backend.complete(request, call, each), listener, load),
		tokenize: (...args) => backend.tokenize(...args),
		detokenize: (...args) => backend.detokenize(...args),
		renderPrompt: (...args) => backend.renderPrompt(...args),
		embed: (...args) => backend.embed(...args),
		rerank: (...args) => backend.rerank(...args),
	};
}
