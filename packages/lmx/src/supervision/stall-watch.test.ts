import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { StallWatch } from "./stall-watch.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it("tells of work that does not get on, and of a load by its own limit, but of no rest", () => {
	let doing: "loading" | "working" | null = null;
	const stalls: string[] = [];
	const watch = new StallWatch(
		{ reportMs: 200, killMs: 800, loadMs: 4000 },
		{ doing: () => doing, onStall: (what, limitMs) => stalls.push(`${what} ${limitMs}`) },
	);
	vi.advanceTimersByTime(10_000);
	expect([stalls, watch.isUnhealthy]).toEqual([[], false]);

	doing = "working";
	watch.noteProgress();
	vi.advanceTimersByTime(700);
	expect([stalls, watch.isUnhealthy, watch.stalledMs]).toEqual([[], true, 700]);
	watch.noteProgress();
	vi.advanceTimersByTime(700);
	expect(stalls).toEqual([]);
	vi.advanceTimersByTime(100);
	expect(stalls).toEqual(["working 800"]);

	doing = "loading";
	watch.noteProgress();
	vi.advanceTimersByTime(3900);
	expect([stalls.length, watch.isUnhealthy]).toEqual([1, false]);
	vi.advanceTimersByTime(100);
	expect(stalls).toEqual(["working 800", "loading 4000"]);
	watch.stop();
	vi.advanceTimersByTime(10_000);
	expect(stalls).toHaveLength(2);
});
