import type { Running } from "../scheduler/running.ts";
import { mostDraftTokens } from "./draft-pace.ts";
import type { Drafter } from "./drafter.ts";

/** With more answers in a step the batch is used without guesses. */
export const mostDraftedAnswers = 2;
/** Rows of a step that guesses need at most. */
export const mostDraftRows = mostDraftTokens * mostDraftedAnswers;

/**
 * Guesses how the answers go on that get a token in the next step. `room`: cells that the step may fill with
 * guesses. Nothing is guessed while many answers run, and no more than a request may still say.
 */
export function proposeDrafts(
	drafter: Drafter,
	answers: readonly Running[],
	limits: { readonly contextTokens: number; readonly room: number },
): ReadonlyMap<Running, readonly number[]> {
	if (answers.length > mostDraftedAnswers || limits.room < mostDraftRows) {
		return new Map();
	}
	const asked = answers.flatMap((running) => {
		const { generation, pace } = running;
		const rest = Math.min(generation.tokensLeft, limits.contextTokens - generation.length) - 1;
		const most = Math.min(pace.next(), rest);
		return most > 0 ? [{ running, most }] : [];
	});
	const drafts = drafter.propose(
		asked.map(({ running: { sequence, generation }, most }) => ({ sequence, tokens: generation.tokens, length: generation.length, most })),
	);
	return new Map(asked.map(({ running }, index) => [running, drafts[index] ?? []]));
}
