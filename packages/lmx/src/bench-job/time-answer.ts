import { randomUUID } from "node:crypto";
import type { Answer, InferenceBackend } from "../serving/backend.ts";

/** When the parts of one answer came, on the clock of `performance.now`. */
export interface TimedAnswer {
	readonly firstTokenMs: number;
	readonly endMs: number;
	/** Tokens that were really read, without those taken from an earlier prompt. */
	readonly promptTokens: number;
	readonly generatedTokens: number;
}

/** Lets a model go on with a prompt, at a low priority, and notes the times. Gives up when the signal is aborted. */
export function timeAnswer(
	backend: InferenceBackend,
	prompt: readonly number[],
	generatedTokens: number,
	signal: AbortSignal,
): Promise<Answer<TimedAnswer>> {
	return new Promise((resolve) => {
		let firstTokenMs: number | null = null;
		const requestId = `bench-${randomUUID()}`;
		const onAbort = (): void => {
			running.cancel();
			resolve({ ok: false, error: { code: "cancelled", message: "The bench was stopped." } });
		};
		const end = (answer: Answer<TimedAnswer>): void => {
			signal.removeEventListener("abort", onAbort);
			resolve(answer);
		};
		const running = backend.complete(
			{ prompt, suffix: null, logprobs: null, max_tokens: generatedTokens, temperature: 1, seed: 1 },
			{ requestId, client: "bench", priority: "low" },
			{
				onAccepted: () => undefined,
				onDelta: () => {
					firstTokenMs ??= performance.now();
				},
				onFinish: () => undefined,
				onEnd: ({ prompt_tokens, completion_tokens, prompt_tokens_details }) => {
					const endMs = performance.now();
					end({
						ok: true,
						value: {
							firstTokenMs: firstTokenMs ?? endMs,
							endMs,
							promptTokens: prompt_tokens - prompt_tokens_details.cached_tokens,
							generatedTokens: completion_tokens,
						},
					});
				},
				onError: (error) => end({ ok: false, error }),
			},
		);
		signal.addEventListener("abort", onAbort, { once: true });
		if (signal.aborted) {
			onAbort();
		}
	});
}
