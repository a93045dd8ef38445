import { expect, it } from "vitest";
import { formatAge, formatBytes, formatDuration } from "./format-quantity.ts";

it("writes quantities in the unit that fits", () => {
	expect([0, 1023, 1536, 5 * 1024 ** 3, 300 * 1024 ** 2].map(formatBytes)).toEqual(["0 B", "1023 B", "1.5 KiB", "5.0 GiB", "300 MiB"]);
	expect([12.4, 12_000, 185_000, 7_800_000].map(formatDuration)).toEqual(["12 ms", "12 s", "3 min 5 s", "2 h 10 min"]);
});

it("tells ages", () => {
	const now = Date.parse("2026-11-23T12:00:00Z");
	expect(
		["2026-11-23T11:59:30Z", "2026-11-23T11:30:00Z", "2026-11-23T02:00:00Z", "2026-11-01T12:00:00Z"].map((at) => formatAge(at, now)),
	).toEqual(["now", "30 min ago", "10 h ago", "22 d ago"]);
});
