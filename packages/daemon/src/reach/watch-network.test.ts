import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { watchNetwork } from "./watch-network.ts";

let addresses: ReadonlySet<string>;
let changes: boolean[];
let stop: () => void;

beforeEach(() => {
	vi.useFakeTimers();
	addresses = new Set(["192.168.1.20"]);
	changes = [];
	stop = watchNetwork(
		(mayBeCut) => changes.push(mayBeCut),
		() => addresses,
	);
});

afterEach(() => {
	stop();
	vi.useRealTimers();
});

it("tells a new address from one that is gone, and says nothing where all is as it was", () => {
	vi.advanceTimersByTime(60_000);
	expect(changes).toEqual([]);
	addresses = new Set(["192.168.1.20", "10.0.0.2"]);
	vi.advanceTimersByTime(5000);
	addresses = new Set(["10.0.0.2"]);
	vi.advanceTimersByTime(60_000);
	expect(changes).toEqual([false, true]);
});

it("notices that the computer slept", () => {
	vi.setSystemTime(Date.now() + 3_600_000);
	vi.advanceTimersByTime(5000);
	expect(changes).toEqual([true]);
});
