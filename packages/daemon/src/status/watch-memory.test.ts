import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { watchMemory } from "./watch-memory.ts";

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

it("tells once each time the bound is crossed, by the bound of that moment", () => {
	let used = 50;
	let limit = 100;
	const told: number[] = [];
	const end = watchMemory({ usedBytes: () => used, limitBytes: () => limit, onOver: (bytes) => told.push(bytes), everyMs: 10 });
	vi.advanceTimersByTime(30);
	used = 101;
	vi.advanceTimersByTime(30);
	used = 60;
	vi.advanceTimersByTime(10);
	limit = 40;
	vi.advanceTimersByTime(30);
	expect(told).toEqual([101, 60]);
	end();
	limit = 1;
	vi.advanceTimersByTime(30);
	expect(told).toHaveLength(2);
});
