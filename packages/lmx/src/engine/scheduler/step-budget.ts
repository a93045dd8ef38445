/** Step lengths in milliseconds. */
export interface StepLimits {
	/** While answers are being generated: how long they wait for other prompts. */
	readonly whileGeneratingMs: number;
	/** The same on a machine where the answers alone take a good part of that, so that a prompt gets on. */
	readonly mostWhileGeneratingMs: number;
	/** While only prompts are read: how long a new request or a cancel waits at most. */
	readonly whileReadingMs: number;
}

/** Steps below this size waste the work of starting one. */
const minTokens = 16;
/** Until a prompt was measured. */
const firstTokens = 64;
/** Of a step beside answers, a prompt has at least 1 - 1 / 13 = 92 %; small steps of a prompt cost more for each token, too. */
const leastAnswerTimes = 13;
/** Weight of the newest measurement. */
const newest = 0.3;

/** Decides how many prompt tokens enter one step, from the measured speed of this machine. */
export class StepBudget {
	readonly #limits: StepLimits;
	readonly #batchTokens: number;
	#msPerPromptToken: number | null;
	#msPerGeneratingStep = 0;

	constructor(limits: StepLimits, batchTokens: number, msPerPromptToken: number | null) {
		this.#limits = limits;
		this.#batchTokens = batchTokens;
		this.#msPerPromptToken = msPerPromptToken;
	}

	/** Time to compute a token of a prompt; null until it was measured. */
	get msPerPromptToken(): number | null {
		return this.#msPerPromptToken;
	}

	/** Prompt tokens that may enter the next step beside the tokens of answers. */
	promptTokens(generating: number): number {
		const room = this.#batchTokens - generating;
		if (this.#msPerPromptToken === null) {
			return Math.min(room, firstTokens);
		}
		const limitMs = generating > 0 ? this.#besideAnswersMs() : this.#limits.whileReadingMs;
		return Math.min(room, Math.max(minTokens, Math.floor(limitMs / this.#msPerPromptToken)));
	}

	#besideAnswersMs(): number {
		const { whileGeneratingMs, mostWhileGeneratingMs } = this.#limits;
		const stepMs = Math.max(whileGeneratingMs, this.#msPerGeneratingStep * leastAnswerTimes);
		return Math.min(mostWhileGeneratingMs, stepMs) - this.#msPerGeneratingStep;
	}

	/** Learns from a step. */
	record(step: { ms: number; promptTokens: number; generating: number }): void {
		if (step.promptTokens === 0) {
			this.#msPerGeneratingStep += newest * (step.ms - this.#msPerGeneratingStep);
		} else if (step.promptTokens >= minTokens) {
			const own = Math.max(0, step.ms - (step.generating > 0 ? this.#msPerGeneratingStep : 0)) / step.promptTokens;
			this.#msPerPromptToken = this.#msPerPromptToken === null ? own : this.#msPerPromptToken + newest * (own - this.#msPerPromptToken);
		}
	}
}

/** Shares a budget fairly: nobody gets more than needed, what is left goes to the others, small needs are met first. */
export function shareBudget(needs: readonly number[], budget: number): number[] {
	const shares = needs.map(() => 0);
	const order = needs.map((_, index) => index).sort((a, b) => (needs[a] ?? 0) - (needs[b] ?? 0));
	let left = budget;
	order.forEach((index, done) => {
		const share = Math.min(needs[index] ?? 0, Math.ceil(left / (order.length - done)));
		shares[index] = share;
		left -= share;
	});
	return shares;
}
