const units: readonly (readonly [unit: Intl.RelativeTimeFormatUnit, ms: number])[] = [
	["day", 86_400_000],
	["hour", 3_600_000],
	["minute", 60_000],
];

const format = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** How long ago a time (RFC 3339) is, in its largest unit: `3 hours ago`, `yesterday`; under a minute, or ahead of this clock, `just now`. */
export function formatAgo(time: string, nowMs: number): string {
	const agoMs = nowMs - Date.parse(time);
	const fitting = units.find(([, ms]) => agoMs >= ms);
	return fitting === undefined ? "just now" : format.format(-Math.floor(agoMs / fitting[1]), fitting[0]);
}
