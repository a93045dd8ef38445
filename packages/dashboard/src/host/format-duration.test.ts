import { expect, it } from "vitest";
import { formatDuration } from "./format-duration.ts";

it.each([
	[-5, "0 s"],
	[999, "0 s"],
	[8_400, "8 s"],
	[60_000, "1 min"],
	[185_000, "3 min 5 s"],
	[7_800_000, "2 h 10 min"],
	[3_605_000, "1 h"],
	[349_200_000, "4 d 1 h"],
])("%d ms read as %s", (durationMs, text) => {
	expect(formatDuration(durationMs)).toBe(text);
});
