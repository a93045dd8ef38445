import type { InferenceContext } from "../context/inference-context.ts";
import { isAnswering, isWaiting, type Running } from "./running.ts";
import { type StepBudget, shareBudget } from "./step-budget.ts";

/** A request's part of a step. */
export interface Share {
	readonly running: Running;
	/** Of its own tokens. */
	readonly tokens: number;
	/** Guesses that follow them. */
	readonly draft: readonly number[];
	/** Row of the scores of its last own token, then one for each guess; null while the prompt goes on in the next step. */
	readonly rows: readonly number[] | null;
}

/** What was put into a step. */
export interface FilledStep {
	readonly shares: readonly Share[];
	readonly promptTokens: number;
	/** Answers that get a token. */
	readonly answers: number;
}

function addShare(context: InferenceContext, running: Running, tokens: number, draft: readonly number[]): Share {
	const { generation, sequence, computed } = running;
	const end = computed + tokens;
	const isComplete = end === generation.length;
	const rows: number[] = [];
	for (let position = computed; position < end; position++) {
		const isLast = isComplete && position === end - 1;
		const row = context.add(generation.tokens[position] as number, position, sequence, isLast);
		if (isLast) {
			rows.push(row);
		}
	}
	for (const [index, token] of draft.entries()) {
		rows.push(context.add(token, end + index, sequence, true));
	}
	return { running, tokens, draft, rows: isComplete ? rows : null };
}

/** Fills the next step: one token of each answer with its guesses, and as many prompt tokens as the budget allows. */
export function fillStep(
	context: InferenceContext,
	budget: StepBudget,
	all: readonly Running[],
	drafts: ReadonlyMap<Running, readonly number[]>,
): FilledStep {
	const answers = all.filter(isAnswering);
	const prompts = all.filter((running) => !isAnswering(running) && !isWaiting(running));
	const shares = answers.map((running) => addShare(context, running, 1, drafts.get(running) ?? []));
	const taken = shares.reduce((sum, { draft }) => sum + 1 + draft.length, 0);
	const needs = prompts.map(({ generation, computed }) => generation.length - computed);
	const sizes = prompts.length === 0 ? [] : shareBudget(needs, budget.promptTokens(taken));
	let promptTokens = 0;
	for (const [index, running] of prompts.entries()) {
		const tokens = sizes[index] ?? 0;
		promptTokens += tokens;
		if (tokens > 0) {
			shares.push(addShare(context, running, tokens, []));
		}
	}
	return { shares, promptTokens, answers: answers.length };
}
