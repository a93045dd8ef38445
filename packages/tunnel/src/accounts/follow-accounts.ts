import { setTimeout as delay } from "node:timers/promises";
import type { PassRevocation } from "@opta/contracts/schema/pass";
import { AccountsRefused } from "./accounts-client.ts";

/** How often a host asks its accounts. */
export interface FollowIntervals {
	readonly keysMs: number;
	readonly revocationsMs: number;
	/** Until a question is repeated that did not reach accounts. */
	readonly retryMs: number;
}

/** The intervals of a host that nobody configured otherwise. */
export const defaultFollowIntervals: FollowIntervals = { keysMs: 3_600_000, revocationsMs: 60_000, retryMs: 10_000 };

/** What is asked, and who is told. */
export interface FollowedAccounts {
	readonly revocations: () => Promise<readonly PassRevocation[]>;
	readonly refreshKeys: () => Promise<boolean>;
	readonly onRevocations: (revocations: readonly PassRevocation[]) => void;
	/** Told once when accounts stops answering and once when it answers again. */
	readonly onReachable: (reachable: boolean, error?: unknown) => void;
}

/** Asks accounts for revoked passes and for its keys until the signal ends it; resolves then. */
export async function followAccounts(
	accounts: FollowedAccounts,
	signal: AbortSignal,
	intervals: FollowIntervals = defaultFollowIntervals,
): Promise<void> {
	const pause = (ms: number): Promise<void> => delay(ms, undefined, { signal, ref: false }).catch(() => undefined);
	async function followRevocations(): Promise<void> {
		let reachable: boolean | null = null;
		let waitMs = intervals.revocationsMs;
		while (!signal.aborted) {
			try {
				waitMs = intervals.revocationsMs;
				accounts.onRevocations(await accounts.revocations());
				if (reachable !== true) {
					reachable = true;
					accounts.onReachable(true);
				}
			} catch (error) {
				waitMs = error instanceof AccountsRefused ? intervals.revocationsMs : intervals.retryMs;
				if (reachable !== false && !signal.aborted) {
					reachable = false;
					accounts.onReachable(false, error);
				}
			}
			await pause(waitMs);
		}
	}
	async function followKeys(): Promise<void> {
		while (!signal.aborted) {
			await pause(intervals.keysMs);
			if (!signal.aborted) {
				await accounts.refreshKeys();
			}
		}
	}
	await Promise.all([followRevocations(), followKeys()]);
}
