import type { SamplingSettings } from "../engine/sampling/sampler.ts";

/** Draws by the model's own probabilities. */
export const plainSampling: SamplingSettings = {
	temperature: 1,
	topK: 0,
	topP: 1,
	minP: 0,
	frequencyPenalty: 0,
	presencePenalty: 0,
	repeatPenalty: 1,
	logitBias: [],
	seed: 7,
};
