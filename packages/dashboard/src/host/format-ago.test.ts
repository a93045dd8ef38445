import { expect, it } from "vitest";
import { formatAgo } from "./format-ago.ts";

it.each([
	["2026-11-23T09:59:30Z", "just now"],
	["2026-11-23T10:00:30Z", "just now"],
	["2026-11-23T09:58:59Z", "1 minute ago"],
	["2026-11-23T07:00:00Z", "3 hours ago"],
	["2026-11-22T09:00:00Z", "yesterday"],
	["2026-11-13T10:00:00Z", "10 days ago"],
])("%s is %s", (time, text) => {
	expect(formatAgo(time, Date.parse("2026-11-23T10:00:00Z"))).toBe(text);
});
