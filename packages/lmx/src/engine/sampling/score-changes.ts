import type { SamplingSettings } from "./sampler.ts";

/** The repeat penalty looks back this many tokens, as llama.cpp's `repeat_last_n` does by default. */
const repeatWindow = 64;

/** Changes the scores of single tokens before one is drawn, and takes the changes back. */
export interface ScoreChanges {
	apply(scores: Float32Array): void;
	/** To be called before anybody else reads the scores. */
	undo(scores: Float32Array): void;
	/** Takes a token of the answer. */
	accept(token: number): void;
}

/**
 * Makes the changes that a request asks for: biases and penalties. Frequency and presence penalties look at
 * the answer only, as the OpenAI reference has it; the repeat penalty looks at the prompt's end too, as
 * llama.cpp does. Null when it asks for none.
 */
export function createScoreChanges(settings: SamplingSettings, prompt: Int32Array): ScoreChanges | null {
	const { frequencyPenalty, presencePenalty, repeatPenalty, logitBias } = settings;
	if (frequencyPenalty === 0 && presencePenalty === 0 && repeatPenalty === 1 && logitBias.length === 0) {
		return null;
	}
	const biases = new Map(logitBias);
	const counts = new Map<number, number>();
	const recent = Array.from(prompt.slice(-repeatWindow));
	const original = new Map<number, number>();
	const change = (scores: Float32Array, token: number, by: (score: number) => number): void => {
		const score = scores[token];
		if (score !== undefined) {
			if (!original.has(token)) {
				original.set(token, score);
			}
			scores[token] = by(score);
		}
	};
	return {
		apply(scores) {
			if (repeatPenalty !== 1) {
				for (const token of new Set(recent)) {
					change(scores, token, (score) => (score > 0 ? score / repeatPenalty : score * repeatPenalty));
				}
			}
			for (const [token, count] of counts) {
				change(scores, token, (score) => score - count * frequencyPenalty - presencePenalty);
			}
			for (const [token, bias] of biases) {
				change(scores, token, (score) => score + bias);
			}
		},
		undo(scores) {
			for (const [token, score] of original) {
				scores[token] = score;
			}
			original.clear();
		},
		accept(token) {
			counts.set(token, (counts.get(token) ?? 0) + 1);
			recent.push(token);
			if (recent.length > repeatWindow) {
				recent.shift();
			}
		},
	};
}
