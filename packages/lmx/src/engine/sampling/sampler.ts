import { type Random, seededRandom } from "./random.ts";
import { argMax, type Candidates, createCandidates, takeTop } from "./top-candidates.ts";

/** How tokens are drawn. */
export interface SamplingSettings {
	/** 0 takes the best token always. */
	readonly temperature: number;
	/** Draw from this many best tokens; 0 is no limit. */
	readonly topK: number;
	/** Draw from the best tokens that together have this probability. */
	readonly topP: number;
	/** Leave out tokens less probable than this share of the best one. */
	readonly minP: number;
	/** Taken from a token's score for each time that the answer has it already (OpenAI). */
	readonly frequencyPenalty: number;
	/** Taken once from the score of every token that the answer has already (OpenAI). */
	readonly presencePenalty: number;
	/** Makes tokens of the last 64 less likely, as llama.cpp's `repeat_penalty`; 1 is off. */
	readonly repeatPenalty: number;
	/** Added to the scores of single tokens. */
	readonly logitBias: readonly (readonly [token: number, bias: number])[];
	readonly seed: number;
}

/** What a request gets that names nothing: the values that servers of GGUF models commonly use. */
export const defaultSampling = { temperature: 0.8, topK: 40, topP: 0.95, minP: 0.05, repeatPenalty: 1 } as const;

/** Draws the next token from scores. */
export type Sampler = (scores: Float32Array) => number;

/** Tokens this far below the best (natural logarithm of the ratio) are never drawn: less than one in 10^10. */
const negligible = 24;

let shared: Candidates | undefined;

/** One buffer for all samplers of the process: they run one after the other. */
function candidatesFor(vocabularySize: number): Candidates {
	if (shared === undefined || shared.tokens.length < vocabularySize) {
		shared = createCandidates(vocabularySize);
	}
	return shared;
}

function draw(candidates: Candidates, { temperature, topP, minP }: SamplingSettings, random: Random): number {
	const { tokens, scores: weights } = candidates;
	const best = weights[0] as number;
	let total = 0;
	for (let index = 0; index < candidates.count; index++) {
		const weight = Math.exp(((weights[index] as number) - best) / temperature);
		weights[index] = weight;
		total += weight;
	}
	let count = candidates.count;
	if (topP < 1) {
		const wanted = topP * total;
		total = 0;
		count = 0;
		while (count < candidates.count && (count === 0 || total < wanted)) {
			total += weights[count++] as number;
		}
	}
	while (count > 1 && ((weights[count - 1] as number) < minP || weights[count - 1] === 0)) {
		total -= weights[--count] as number;
	}
	let left = random() * total;
	for (let index = 0; index < count - 1; index++) {
		left -= weights[index] as number;
		if (left < 0) {
			return tokens[index] as number;
		}
	}
	return tokens[count - 1] as number;
}

/**
 * Makes the sampler of one request. Order: temperature, top-k, top-p, min-p; the probabilities of top-p and
 * min-p are those after temperature, as in the OpenAI API.
 */
export function createSampler(settings: SamplingSettings): Sampler {
	if (settings.temperature === 0) {
		return argMax;
	}
	const random = seededRandom(settings.seed);
	const { temperature, topK } = settings;
	return (scores) => {
		const candidates = candidatesFor(scores.length);
		const limit = topK === 0 ? scores.length : topK;
		const floor = limit < 1000 ? Number.NEGATIVE_INFINITY : (scores[argMax(scores)] as number) - negligible * temperature;
		takeTop(scores, limit, floor, candidates);
		return draw(candidates, settings, random);
	};
}
