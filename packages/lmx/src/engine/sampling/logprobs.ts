import type { TokenLogprob } from "@opta/contracts/schema/lmx-chat";
import type { Vocabulary } from "../context/inference-context.ts";
import { argMax, createCandidates, takeTop } from "./top-candidates.ts";

/** For tokens that the model rules out: JSON has no infinity, and the OpenAI API uses this number. */
const leastLogprob = -9999;

const decoder = new TextDecoder();

/** A token as the API shows it; the text of a token that is a part of a character has U+FFFD, its bytes are right. */
function describe(vocabulary: Vocabulary, token: number, logprob: number): Omit<TokenLogprob, "top_logprobs"> {
	const bytes = vocabulary.spelling(token);
	return { token: decoder.decode(bytes), logprob: Math.max(leastLogprob, logprob), bytes: Array.from(bytes) };
}

/** Natural logarithm of the sum of the exponentials. */
function logSumExp(scores: Float32Array): number {
	const best = scores[argMax(scores)] as number;
	let sum = 0;
	for (let token = 0; token < scores.length; token++) {
		sum += Math.exp((scores[token] as number) - best);
	}
	return best + Math.log(sum);
}

/** The probability of a token by the model's own scores, before temperature and penalties, with the `top` most likely ones. */
export function measureToken(vocabulary: Vocabulary, scores: Float32Array, token: number, top: number): TokenLogprob {
	const total = logSumExp(scores);
	const candidates = createCandidates(Math.min(top, scores.length));
	if (top > 0) {
		takeTop(scores, top, Number.NEGATIVE_INFINITY, candidates);
	}
	return {
		...describe(vocabulary, token, (scores[token] as number) - total),
		top_logprobs: Array.from(candidates.tokens.subarray(0, candidates.count), (each, index) =>
			describe(vocabulary, each, (candidates.scores[index] as number) - total),
		),
	};
}
