import type { GrammarGuide } from "../grammar/grammar-guide.ts";
import { createSampler, type Sampler, type SamplingSettings } from "./sampler.ts";
import { createScoreChanges, type ScoreChanges } from "./score-changes.ts";

/** One buffer for all answers of the process: they are chosen one after the other. */
let allowedScores = new Float32Array();

/** Chooses the tokens of one answer: biases and penalties, the draw, the grammar. */
export class TokenChooser {
	readonly #sample: Sampler;
	readonly #changes: ScoreChanges | null;
	readonly #grammar: GrammarGuide | null;

	constructor(settings: SamplingSettings, prompt: Int32Array, grammar: GrammarGuide | null) {
		this.#sample = createSampler(settings);
		this.#changes = createScoreChanges(settings, prompt);
		this.#grammar = grammar;
	}

	/** The grammar lets nothing follow. */
	get isComplete(): boolean {
		return this.#grammar?.isComplete ?? false;
	}

	/**
	 * Draws the next token; the scores are as before afterwards. Null when the grammar lets no token follow.
	 * The grammar sees the drawn token first and the whole vocabulary only when it refuses that one: the
	 * distribution is the same, and most tokens are not refused. `isFree`: the grammar does not hold here, or
	 * lets this token through.
	 */
	choose(scores: Float32Array, isFree: (token: number) => boolean): number | null {
		this.#changes?.apply(scores);
		const drawn = this.#sample(scores);
		const token = this.#grammar === null || isFree(drawn) || this.#grammar.allows(drawn) ? drawn : this.#drawAllowed(this.#grammar, scores);
		this.#changes?.undo(scores);
		return token;
	}

	/** Takes the chosen token. `isFree`: the grammar does not see it. */
	accept(token: number, isFree: boolean): void {
		this.#changes?.accept(token);
		if (!isFree) {
			this.#grammar?.accept(token);
		}
	}

	#drawAllowed(grammar: GrammarGuide, scores: Float32Array): number | null {
		if (allowedScores.length !== scores.length) {
			allowedScores = new Float32Array(scores.length);
		}
		grammar.allow(scores, allowedScores);
		const token = this.#sample(allowedScores);
		return allowedScores[token] === Number.NEGATIVE_INFINITY ? null : token;
	}
}
