import type { BenchPoint } from "@opta/contracts/schema/lmx-jobs";
import type { TimedAnswer } from "./time-answer.ts";

function perSecond(count: number, ms: number): number {
	return ms > 0 && count > 0 ? Math.round((count * 100_000) / ms) / 100 : 0;
}

function mean(values: readonly number[]): number {
	return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * Speeds of answers that were begun together at `startMs`. Prompts count until the last first token; generation counts
 * the tokens after the first, which belongs to the prompt.
 */
export function summarisePoint(startMs: number, answers: readonly TimedAnswer[]): BenchPoint {
	const sum = (of: (answer: TimedAnswer) => number): number => answers.reduce((total, answer) => total + of(answer), 0);
	const firsts = answers.map(({ firstTokenMs }) => firstTokenMs);
	const ends = answers.map(({ endMs }) => endMs);
	const laterTokens = sum(({ generatedTokens }) => Math.max(0, generatedTokens - 1));
	return {
		batchSize: answers.length,
		promptTokens: sum(({ promptTokens }) => promptTokens),
		generatedTokens: sum(({ generatedTokens }) => generatedTokens),
		promptTokensPerSecondTotal: perSecond(
			sum(({ promptTokens }) => promptTokens),
			Math.max(...firsts) - startMs,
		),
		generatedTokensPerSecond:
			Math.round(
				mean(answers.map(({ generatedTokens, endMs, firstTokenMs }) => perSecond(generatedTokens - 1, endMs - firstTokenMs))) * 100,
			) / 100,
		generatedTokensPerSecondTotal: perSecond(laterTokens, Math.max(...ends) - Math.min(...firsts)),
		firstTokenMs: Math.round(mean(firsts.map((first) => first - startMs)) * 10) / 10,
	};
}
