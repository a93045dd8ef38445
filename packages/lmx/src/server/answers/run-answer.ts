import type { AnswerListener, RunningAnswer } from "../../serving/backend.ts";
import { clientLeft } from "../../serving/client-left.ts";

/** Starts an answer that tells the listener. */
export type StartAnswer = (listener: AnswerListener) => RunningAnswer;

/**
 * Runs an answer until nothing more will follow. An abort cancels it in the engine, and the listener hears
 * `clientLeft` as its error.
 */
export function runAnswer(start: StartAnswer, listener: AnswerListener, signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		let isOver = signal.aborted;
		let running: RunningAnswer | undefined;
		if (isOver) {
			listener.onError(clientLeft);
			resolve();
			return;
		}
		const end = (tell: () => void): void => {
			if (!isOver) {
				isOver = true;
				signal.removeEventListener("abort", leave);
				tell();
				resolve();
			}
		};
		const leave = (): void =>
			end(() => {
				running?.cancel();
				listener.onError(clientLeft);
			});
		signal.addEventListener("abort", leave);
		running = start({
			onAccepted: (promptTokens) => isOver || listener.onAccepted(promptTokens),
			onProgress: (progress) => isOver || listener.onProgress?.(progress),
			onDelta: (choice, delta, logprobs) => isOver || listener.onDelta(choice, delta, logprobs),
			onFinish: (choice, reason, stopSequence) => isOver || listener.onFinish(choice, reason, stopSequence),
			onEnd: (usage, timings) => end(() => listener.onEnd(usage, timings)),
			onError: (error) => end(() => listener.onError(error)),
			drained: () => listener.drained?.() ?? null,
		});
		if (signal.aborted) {
			running.cancel();
		}
	});
}
