const steps = [
	{ unit: "day", ms: 86_400_000 },
	{ unit: "h", ms: 3_600_000 },
	{ unit: "min", ms: 60_000 },
	{ unit: "s", ms: 1_000 },
] as const;

/** A duration in its largest whole unit: `12 s`, `3 min`, `2 h`, `1 day`, `4 days`. Less than a second, and less than nothing, is `0 s`. */
export function elapsedText(ms: number): string {
	const step = steps.find((candidate) => ms >= candidate.ms);
	if (step === undefined) {
		return "0 s";
	}
	const count = Math.floor(ms / step.ms);
	return `${count} ${step.unit}${step.unit === "day" && count > 1 ? "s" : ""}`;
}

/** An interval between checks, exact: `30 s`, `250 ms`, `2 min`. */
export function intervalText(ms: number): string {
	if (ms % 60_000 === 0) {
		return `${ms / 60_000} min`;
	}
	return ms < 1_000 ? `${ms} ms` : `${ms / 1_000} s`;
}
