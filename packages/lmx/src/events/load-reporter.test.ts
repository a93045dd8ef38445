import type { LmxEvent } from "@opta/contracts/schema/lmx-events";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { EventBus } from "./event-bus.ts";
import { reportLoad } from "./load-reporter.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it("reports the load once a second while it changes, and is silent while nothing happens", () => {
	const bus = new EventBus();
	const events: LmxEvent[] = [];
	bus.subscribe((event) => events.push(event));
	let active = 0;
	const end = reportLoad(bus, () => ({ active, queued: 0, tokensPerSecond: active * 20.04, promptTokensPerSecond: 0 }));
	vi.advanceTimersByTime(5000);
	expect(events).toEqual([]);
	for (active = 1; active < 10; active++) {
		vi.advanceTimersByTime(100);
	}
	vi.advanceTimersByTime(5000);
	expect(events).toMatchObject([{ type: "requests.load", active: 10, tokensPerSecond: 200.4 }]);
	active = 0;
	vi.advanceTimersByTime(1000);
	expect(events.at(-1)).toMatchObject({ active: 0, tokensPerSecond: 0 });
	end();
	active = 3;
	vi.advanceTimersByTime(5000);
	expect(events).toHaveLength(2);
});
