import { expect, it } from "vitest";
import { elapsedText, intervalText } from "./elapsed.ts";

it.each([
	[-400, "0 s"],
	[999, "0 s"],
	[12_900, "12 s"],
	[60_000, "1 min"],
	[7_199_000, "1 h"],
	[86_400_000, "1 day"],
	[4 * 86_400_000, "4 days"],
])("says %i ms as %s", (ms, text) => {
	expect(elapsedText(ms)).toBe(text);
});

it.each([
	[250, "250 ms"],
	[1_500, "1.5 s"],
	[30_000, "30 s"],
	[120_000, "2 min"],
])("says an interval of %i ms as %s", (ms, text) => {
	expect(intervalText(ms)).toBe(text);
});
