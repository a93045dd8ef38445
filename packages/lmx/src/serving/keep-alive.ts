import type { ChatRequest } from "@opta/contracts/schema/lmx-chat";

const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/**
 * Milliseconds of a `keep_alive` parameter: a number of seconds, or a duration such as `5m`. Null: for ever
 * (any negative number). Undefined: as configured.
 */
export function keepAliveMs(value: ChatRequest["keep_alive"]): number | null | undefined {
	if (value === null || value === undefined) {
		return undefined;
	}
	const [, number = value, unit = "s"] = /^(-?[\d.]+)(ms|s|m|h)?$/.exec(String(value)) ?? [];
	const ms = Number(number) * unitMs[unit as keyof typeof unitMs];
	return ms < 0 ? null : Math.round(ms);
}
