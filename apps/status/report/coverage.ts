import type { ComponentCheck } from "@opta/contracts/schema/status-report";

/** How many of the checks that were made found all well. */
export interface Coverage {
	readonly well: number;
	readonly made: number;
	/** Rounded down to a tenth, so that one failure never reads as 100; null when nothing was checked. */
	readonly wellPercent: number | null;
}

/** Counts over the checks that were made; those without data count neither way. */
export function coverage(history: readonly ComponentCheck[]): Coverage {
	const made = history.filter(({ state }) => state !== "noData").length;
	const well = history.filter(({ state }) => state === "up").length;
	return { well, made, wellPercent: made === 0 ? null : Math.floor((well * 1_000) / made) / 10 };
}
