import type { AccountsRefusal } from "@opta/auth/accounts-client/ask-accounts";
import fc from "fast-check";
import { expect, it } from "vitest";
import { awaitClaim, nextWaitMs } from "./await-claim.ts";

function refusal(code: AccountsRefusal["code"], retryAfterMs: number | null = null): AccountsRefusal {
	return { ok: false, code, message: "", retryAfterMs };
}

it("asks on at the same pace, five seconds slower when told so, later still when accounts says when", () => {
	expect(nextWaitMs(5000, refusal("authorization_pending"))).toBe(5000);
	expect(nextWaitMs(5000, refusal("slow_down"))).toBe(10_000);
	expect(nextWaitMs(5000, refusal("rate_limited", 30_000))).toBe(30_000);
	expect(nextWaitMs(5000, "unreachable")).toBe(10_000);
	for (const code of ["access_denied", "expired_code", "invalid_grant", "conflict", "unknown"] as const) {
		expect(nextWaitMs(5000, refusal(code))).toBeNull();
	}
});

it("never asks faster than before, and never less than once a minute", () => {
	const told = fc.oneof(
		fc.constant("unreachable" as const),
		fc
			.tuple(
				fc.constantFrom("authorization_pending", "slow_down", "rate_limited", "unavailable"),
				fc.option(fc.integer({ min: 0, max: 1e7 })),
			)
			.map(([code, retryAfterMs]) => refusal(code, retryAfterMs)),
	);
	fc.assert(
		fc.property(fc.integer({ min: 1, max: 60_000 }), fc.array(told), (intervalMs, answers) => {
			let waitMs = intervalMs;
			for (const answer of answers) {
				const next = nextWaitMs(waitMs, answer) ?? 0;
				expect(next).toBeGreaterThanOrEqual(waitMs);
				expect(next).toBeLessThanOrEqual(60_000);
				waitMs = next;
			}
		}),
	);
});

it("throws what the signal says instead of taking an abort for a lost connection", async () => {
	const stopping = new AbortController();
	const ask = async (): Promise<never> => {
		stopping.abort(new Error("stopped"));
		throw new Error("aborted request");
	};
	await expect(awaitClaim(ask, { intervalMs: 1, expiresInMs: 1000 }, stopping.signal)).rejects.toThrow("aborted request");
});
