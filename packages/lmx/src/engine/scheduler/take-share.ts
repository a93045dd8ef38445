import type { PrefixCache } from "../cache/prefix-cache.ts";
import type { InferenceContext } from "../context/inference-context.ts";
import type { Share } from "./fill-step.ts";
import { isAnswering } from "./running.ts";

/** What a step gave a request. */
export interface TakenShare {
	/** Tokens of its answer. */
	readonly tokens: number;
	readonly hasEnded: boolean;
}

/**
 * Takes what a step computed for a request: a token of its answer, and one more for every guess that turned out
 * right. Wrong guesses leave the cache again.
 */
export function takeShare(context: InferenceContext, cache: PrefixCache, share: Share, now: () => number): TakenShare {
	const { running, draft, rows } = share;
	const { generation, sequence } = running;
	const wasAnswering = isAnswering(running);
	if (!generation.hasBegun) {
		generation.showProgress(running.computed + share.tokens, now());
	}
	let tokens = 0;
	let hasEnded = false;
	let isRight = true;
	generation.countDraft(0, draft.length);
	while (rows !== null && tokens < rows.length && isRight && !hasEnded) {
		if (tokens > 0) {
			generation.countDraft(1, -1);
		}
		hasEnded = generation.take(context.logits(rows[tokens] as number), now());
		isRight = generation.tokens[generation.length - 1] === draft[tokens];
		tokens++;
	}
	const accepted = Math.max(0, tokens - 1);
	running.computed += share.tokens + accepted;
	if (accepted < draft.length) {
		context.trim(sequence, running.computed);
	}
	running.pace.record(draft.length, accepted);
	if (wasAnswering) {
		cache.advance(sequence, running.computed);
	} else {
		cache.publish(sequence, generation.tokens, running.computed);
	}
	return { tokens, hasEnded };
}
