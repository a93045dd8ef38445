import type { Timings, Usage } from "@opta/contracts/schema/lmx-chat";

/** Token counts of several rounds together. */
export function sumUsage(left: Usage | null, right: Usage): Usage {
	if (left === null) {
		return right;
	}
	const before = left.completion_tokens_details;
	const now = right.completion_tokens_details;
	return {
		prompt_tokens: left.prompt_tokens + right.prompt_tokens,
		completion_tokens: left.completion_tokens + right.completion_tokens,
		total_tokens: left.total_tokens + right.total_tokens,
		prompt_tokens_details: { cached_tokens: left.prompt_tokens_details.cached_tokens + right.prompt_tokens_details.cached_tokens },
		...(before === undefined && now === undefined
			? {}
			: {
					completion_tokens_details: {
						reasoning_tokens: (before?.reasoning_tokens ?? 0) + (now?.reasoning_tokens ?? 0),
						accepted_prediction_tokens: (before?.accepted_prediction_tokens ?? 0) + (now?.accepted_prediction_tokens ?? 0),
						rejected_prediction_tokens: (before?.rejected_prediction_tokens ?? 0) + (now?.rejected_prediction_tokens ?? 0),
					},
				}),
	};
}

function perSecond(count: number, ms: number): number {
	return ms > 0 ? (count * 1000) / ms : 0;
}

/** The engine's times of several rounds together; null where an engine gave none. */
export function sumTimings(left: Timings | null, right: Timings | null): Timings | null {
	if (left === null || right === null) {
		return right ?? left;
	}
	const promptN = left.prompt_n + right.prompt_n;
	const promptMs = left.prompt_ms + right.prompt_ms;
	const predictedN = left.predicted_n + right.predicted_n;
	const predictedMs = left.predicted_ms + right.predicted_ms;
	return {
		...right,
		prompt_n: promptN,
		prompt_ms: promptMs,
		prompt_per_second: perSecond(promptN, promptMs),
		predicted_n: predictedN,
		predicted_ms: predictedMs,
		predicted_per_second: perSecond(predictedN, predictedMs),
	};
}
