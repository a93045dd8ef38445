import type { AnswerError } from "../../serving/backend.ts";
import { clientLeft } from "../../serving/client-left.ts";

/** Prompts of one request that are worked on at the same time: enough to fill batches, few enough to leave room for others. */
const parallelPrompts = 4;

/**
 * Runs the prompts of one request, a few at a time. The first one that fails ends the others, and is the result;
 * null when all went well. The `signal` that `run` gets is aborted for either reason to stop.
 */
export async function runPrompts(
	count: number,
	gone: AbortSignal,
	run: (prompt: number, signal: AbortSignal) => Promise<AnswerError | null>,
): Promise<AnswerError | null> {
	const failure = new AbortController();
	const signal = AbortSignal.any([gone, failure.signal]);
	let next = 0;
	let first: AnswerError | null = null;
	const work = async (): Promise<void> => {
		while (next < count && !signal.aborted) {
			const error = await run(next++, signal);
			if (error !== null) {
				first ??= error;
				failure.abort();
			}
		}
	};
	await Promise.all(Array.from({ length: Math.min(parallelPrompts, count) }, work));
	return first ?? (gone.aborted ? clientLeft : null);
}
