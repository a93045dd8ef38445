import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { watchServer } from "./watch-server.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("lets a server take hours that gives signs of life", async () => {
	const onDead = vi.fn();
	const watch = watchServer({ everyMs: 1000, misses: 3, check: async () => true, onDead });
	await vi.advanceTimersByTimeAsync(6 * 3_600_000);
	expect(onDead).not.toHaveBeenCalled();
	watch.stop();
});

it("lets one live that speaks, though it answers no check", async () => {
	const onDead = vi.fn();
	const watch = watchServer({ everyMs: 1000, misses: 3, check: async () => false, onDead });
	for (let second = 0; second < 100; second++) {
		await vi.advanceTimersByTimeAsync(2500);
		watch.heard();
	}
	expect(onDead).not.toHaveBeenCalled();
	watch.stop();
});

it("gives up after so many checks without an answer, once, and checks no more", async () => {
	const onDead = vi.fn();
	const check = vi.fn(async () => false);
	watchServer({ everyMs: 1000, misses: 3, check, onDead });
	await vi.advanceTimersByTimeAsync(3999);
	expect(onDead).not.toHaveBeenCalled();
	await vi.advanceTimersByTimeAsync(60_000);
	expect(onDead).toHaveBeenCalledOnce();
	expect(check).toHaveBeenCalledTimes(3);
});
