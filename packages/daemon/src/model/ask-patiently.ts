import { setTimeout as wait } from "node:timers/promises";
import type { ErrorCode } from "@opta/contracts/error-codes";
import { cancelledFailure } from "./model-failure.ts";
import type { ModelEvent, ModelFailure } from "./model-source.ts";

/** How often and how long is waited. */
export interface Patience {
	/** Tries in all. */
	readonly tries: number;
	/** Before the second try; doubled each time, with a random part. */
	readonly firstWaitMs: number;
	/** A server that asks for a longer wait is not waited for. */
	readonly longestWaitMs: number;
}

/** Waits of a turn: some 15 seconds in all, and as long as a server asks for up to two minutes each time. */
export const turnPatience: Patience = { tries: 5, firstWaitMs: 500, longestWaitMs: 120_000 };

/** Codes after which the same request may succeed a little later. */
const passing: ReadonlySet<ErrorCode> = new Set([
	"rate_limited",
	"queue_full",
	"model_unavailable",
	"model_crashed",
	"insufficient_memory",
	"unavailable",
	"host_unreachable",
]);

function waitMs({ retryAfterMs }: ModelFailure, tried: number, patience: Patience): number {
	return retryAfterMs ?? patience.firstWaitMs * 2 ** (tried - 1) * (0.75 + Math.random() / 2);
}

/** Asks, and asks again with growing waits where nothing had been said yet and waiting can help. */
export async function* askPatiently(
	ask: () => AsyncIterable<ModelEvent>,
	signal: AbortSignal,
	patience: Patience = turnPatience,
): AsyncGenerator<ModelEvent, void> {
	for (let tried = 1; ; tried++) {
		let failed: ModelFailure | null = null;
		for await (const event of ask()) {
			if (event.type === "failed") {
				failed = event.failure;
				break;
			}
			yield event;
		}
		if (failed === null) {
			return;
		}
		const pauseMs = waitMs(failed, tried, patience);
		const isWorthIt = !failed.hadOutput && passing.has(failed.code) && tried < patience.tries && pauseMs <= patience.longestWaitMs;
		if (!isWorthIt || signal.aborted) {
			yield { type: "failed", failure: failed };
			return;
		}
		const seconds = Math.max(1, Math.round(pauseMs / 1000));
		yield { type: "progress", stage: "retrying", fraction: null, message: `${failed.message} Trying again in ${seconds} s.` };
		const waited = await wait(pauseMs, true, { signal }).catch(() => false);
		if (!waited) {
			yield { type: "failed", failure: cancelledFailure() };
			return;
		}
	}
}
