import type { ComponentState } from "@opta/contracts/schema/status-report";
import { staleAfterMs } from "../report/timing.ts";
import type { Observation } from "./observation.ts";

/** Checks that are kept of each part, in memory. */
export const historyLimit = 60;

/** One check that was made, or (`noData`) was due and not made. */
export interface RecordedCheck {
	readonly state: ComponentState;
	readonly checkedAtMs: number;
	readonly latencyMs: number | null;
}

/** What is known of one part after its last check. Times are Unix milliseconds. */
export interface ComponentRecord {
	readonly state: Exclude<ComponentState, "noData">;
	readonly reason: string | null;
	readonly sinceMs: number;
	/** Unconfirmed failures in a row, the last check included. */
	readonly failures: number;
	/** Newest at the end; the last entry is the check that made this record. */
	readonly history: readonly RecordedCheck[];
}

type Judgement = Pick<ComponentRecord, "state" | "failures">;

/** A refused connection is certain at once; other failures count as down when a second check confirms the first. */
function judge(observation: Observation, failuresBefore: number): Judgement {
	switch (observation.outcome) {
		case "fine":
			return { state: "up", failures: 0 };
		case "impaired":
			return { state: "degraded", failures: 0 };
		case "unreachable":
			return { state: "down", failures: failuresBefore + 1 };
		case "failing":
			return { state: failuresBefore === 0 ? "degraded" : "down", failures: failuresBefore + 1 };
	}
}

/** Entries for the checks that were due after `last` and not made, as when the machine slept. */
function missedChecks(last: RecordedCheck | undefined, checkedAtMs: number, intervalMs: number): readonly RecordedCheck[] {
	if (last === undefined || checkedAtMs - last.checkedAtMs <= staleAfterMs(intervalMs)) {
		return [];
	}
	const missed = Math.min(historyLimit, Math.floor((checkedAtMs - last.checkedAtMs) / intervalMs) - 1);
	return Array.from({ length: missed }, (_, index) => ({
		state: "noData",
		checkedAtMs: checkedAtMs - (missed - index) * intervalMs,
		latencyMs: null,
	}));
}

/** How a check stands to the ones before it. */
export interface CheckTiming {
	readonly checkedAtMs: number;
	readonly intervalMs: number;
	/** True when the check repeats the last one within its interval: then it takes its place. */
	readonly repeats?: boolean;
}

/** The record after one more check. `previous` is undefined before the first. */
export function recordCheck(previous: ComponentRecord | undefined, observation: Observation, timing: CheckTiming): ComponentRecord {
	const { checkedAtMs, intervalMs, repeats = false } = timing;
	const gap = missedChecks(previous?.history.at(-1), checkedAtMs, intervalMs);
	const { state, failures } = judge(observation, gap.length > 0 ? 0 : (previous?.failures ?? 0));
	const continues = previous !== undefined && gap.length === 0 && (previous.state === "up") === (state === "up");
	const before = previous === undefined ? [] : repeats ? previous.history.slice(0, -1) : previous.history;
	return {
		state,
		reason: observation.reason,
		failures,
		sinceMs: continues ? previous.sinceMs : checkedAtMs,
		history: [...before, ...gap, { state, checkedAtMs, latencyMs: observation.latencyMs }].slice(-historyLimit),
	};
}
