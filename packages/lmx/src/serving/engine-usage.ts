import type { Timings, Usage } from "@opta/contracts/schema/lmx-chat";
import type { GenerationResult } from "../engine/scheduler/generation.ts";

function perSecond(count: number, ms: number): number {
	return count > 0 && ms > 0 ? (count * 1000) / ms : 0;
}

function sum(results: readonly GenerationResult[], count: (result: GenerationResult) => number): number {
	return results.reduce((total, result) => total + count(result), 0);
}

/** Token counts of an answer in the OpenAI shape: the prompt that all choices share counts once. */
export function usageOf(results: readonly [GenerationResult, ...GenerationResult[]]): Usage {
	const [{ promptTokens, cachedTokens }] = results;
	const completionTokens = sum(results, (result) => result.completionTokens);
	return {
		prompt_tokens: promptTokens,
		completion_tokens: completionTokens,
		total_tokens: promptTokens + completionTokens,
		prompt_tokens_details: { cached_tokens: cachedTokens },
		completion_tokens_details: {
			reasoning_tokens: sum(results, (result) => result.reasoningTokens),
			accepted_prediction_tokens: sum(results, (result) => result.acceptedDraftTokens),
			rejected_prediction_tokens: sum(results, (result) => result.rejectedDraftTokens),
		},
	};
}

/**
 * The engine's times. The first token of a choice belongs to the prompt, so the rate counts the tokens after
 * it; choices are generated side by side, so the longest one gives the time.
 */
export function timingsOf(results: readonly [GenerationResult, ...GenerationResult[]]): Timings {
	const [{ promptTokens, cachedTokens, promptMs }] = results;
	const predicted = sum(results, (result) => result.completionTokens);
	const predictedMs = Math.max(...results.map((result) => result.predictedMs));
	return {
		prompt_n: promptTokens - cachedTokens,
		prompt_ms: promptMs,
		prompt_per_second: perSecond(promptTokens - cachedTokens, promptMs),
		predicted_n: predicted,
		predicted_ms: predictedMs,
		predicted_per_second: perSecond(predicted - results.length, predictedMs),
	};
}
