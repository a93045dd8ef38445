import { randomInt } from "node:crypto";
import type { ChatRequest, samplingShape } from "@opta/contracts/schema/lmx-chat";
import { defaultSampling, type SamplingSettings } from "../engine/sampling/sampler.ts";

const seeds = 2 ** 32;

/** The parameters that say how tokens are drawn; the same for chats and completions. */
export type SamplingParameters = Pick<ChatRequest, keyof typeof samplingShape | "n">;

/** Settings for each choice: they differ in the seed alone, which counts up from the one that was asked for. */
export function samplingOf(parameters: SamplingParameters): SamplingSettings[] {
	const seed = parameters.seed ?? randomInt(seeds);
	return Array.from({ length: parameters.n ?? 1 }, (_, choice) => ({
		temperature: parameters.temperature ?? defaultSampling.temperature,
		topK: parameters.top_k ?? defaultSampling.topK,
		topP: parameters.top_p ?? defaultSampling.topP,
		minP: parameters.min_p ?? defaultSampling.minP,
		frequencyPenalty: parameters.frequency_penalty ?? 0,
		presencePenalty: parameters.presence_penalty ?? 0,
		repeatPenalty: parameters.repeat_penalty ?? defaultSampling.repeatPenalty,
		logitBias: Object.entries(parameters.logit_bias ?? {}).map(([token, bias]) => [Number(token), bias] as const),
		seed: (seed + choice) % seeds,
	}));
}
