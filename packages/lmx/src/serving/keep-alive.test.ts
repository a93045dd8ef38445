import { expect, it } from "vitest";
import { keepAliveMs } from "./keep-alive.ts";

it.each([
	[undefined, undefined],
	[null, undefined],
	[90, 90_000],
	[0, 0],
	[-1, null],
	["250ms", 250],
	["30", 30_000],
	["1.5m", 90_000],
	["2h", 7_200_000],
	["-1s", null],
])("keep_alive %j is %j ms", (value, expected) => {
	expect(keepAliveMs(value)).toBe(expected);
});
