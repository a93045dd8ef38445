import { setTimeout as delay } from "node:timers/promises";
import type { AccountsAnswer, AccountsRefusal } from "@opta/auth/accounts-client/ask-accounts";

/** How long and how often is asked, as accounts said. */
export interface ClaimTiming {
	readonly intervalMs: number;
	readonly expiresInMs: number;
}

/** RFC 8628 §3.5. */
const slowDownMs = 5000;
const longestWaitMs = 60_000;
/** Whatever accounts says, a claim is not waited for longer. */
const mostExpiryMs = 3_600_000;

const expired: AccountsRefusal = {
	ok: false,
	code: "expired_code",
	message: "Nobody claimed this host in time. Start again for a new code.",
	retryAfterMs: null,
};

/** The wait before the next question; null where asking again is of no use. */
export function nextWaitMs(waitMs: number, refusal: AccountsRefusal | "unreachable"): number | null {
	if (refusal === "unreachable") {
		return Math.min(longestWaitMs, waitMs * 2);
	}
	switch (refusal.code) {
		case "authorization_pending":
			return waitMs;
		case "slow_down":
		case "rate_limited":
		case "unavailable":
			return Math.min(longestWaitMs, Math.max(waitMs + slowDownMs, refusal.retryAfterMs ?? 0));
		default:
			return null;
	}
}

/**
 * Asks whether somebody claimed the host until it is so, is refused, or nobody did in time (RFC 8628 §3.5). While
 * accounts cannot be reached it asks less and less often.
 * @throws the signal's reason when it aborts
 */
export async function awaitClaim<T>(
	ask: () => Promise<AccountsAnswer<T>>,
	{ intervalMs, expiresInMs }: ClaimTiming,
	signal: AbortSignal,
): Promise<AccountsAnswer<T>> {
	const endAtMs = performance.now() + Math.min(expiresInMs, mostExpiryMs);
	let waitMs = Math.max(intervalMs, 1);
	while (performance.now() + waitMs < endAtMs) {
		await delay(waitMs, undefined, { signal });
		const answer = await ask().catch((error: unknown) => {
			if (signal.aborted) {
				throw error;
			}
			return "unreachable" as const;
		});
		if (answer !== "unreachable" && answer.ok) {
			return answer;
		}
		const next = nextWaitMs(waitMs, answer);
		if (next === null) {
			return answer === "unreachable" ? expired : answer;
		}
		waitMs = next;
	}
	await delay(Math.max(0, endAtMs - performance.now()), undefined, { signal });
	return expired;
}
