import { median } from "../median.ts";
import type { Bar, Figure } from "./measurement.ts";

/** What was measured of a figure, round by round; `other` is empty where there is nothing to compare with. */
export interface Measured {
	readonly figure: Figure;
	readonly own: readonly number[];
	readonly other: readonly number[];
}

function isMet(bar: Bar, own: number, other: number): boolean | null {
	switch (bar.kind) {
		case "atLeast":
			return own >= bar.value;
		case "atMost":
			return own <= bar.value;
		default:
			if (Number.isNaN(other)) {
				return null;
			}
	}
	switch (bar.kind) {
		case "ratioAtLeast":
			return own >= other * bar.value;
		case "ratioAtMost":
			return own <= other * bar.value;
		case "atMostMore":
			return own <= other + bar.value;
	}
}

const barTexts: Readonly<Record<Bar["kind"], (value: string) => string>> = {
	atLeast: (value) => `≥ ${value}`,
	atMost: (value) => `≤ ${value}`,
	ratioAtLeast: (value) => `≥ ${value} ×`,
	ratioAtMost: (value) => `≤ ${value} ×`,
	atMostMore: (value) => `≤ + ${value}`,
};

function number(value: number): string {
	return Number.isNaN(value) ? "–" : value.toFixed(Math.abs(value) < 100 ? 2 : 0);
}

/** One line of the table: medians, their ratio, the bar and whether it was met. */
export function reportLine({ figure: { label, unit, bar }, own, other }: Measured): string {
	const ownMedian = median(own);
	const otherMedian = median(other);
	const met = isMet(bar, ownMedian, otherMedian);
	return [
		`${label}${unit === "" ? "" : `, ${unit}`}`.padEnd(52),
		number(ownMedian).padStart(10),
		number(otherMedian).padStart(10),
		number(ownMedian / otherMedian).padStart(8),
		barTexts[bar.kind](String(bar.value)).padStart(12),
		met === null ? "" : met ? "  met" : "  MISSED",
	].join("");
}

/** The line above the table. */
export function reportHead(otherName: string): string {
	return ["".padEnd(52), "LMX".padStart(10), otherName.padStart(10), "ratio".padStart(8), "bar".padStart(12)].join("");
}
