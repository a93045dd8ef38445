import { lmxStreamMessageSchema } from "@opta/contracts/schema/lmx-events";
import { describe, expect, it } from "vitest";
import { EventBus } from "./event-bus.ts";
import { EventFeed } from "./event-feed.ts";

function ready(bus: EventBus, model: string): void {
	bus.publish({ type: "model.state", model, state: "ready", reason: null });
}

describe("EventFeed", () => {
	it("opens with how things are", () => {
		const bus = new EventBus();
		const feed = new EventFeed(bus, 10, "e");
		ready(bus, "a");
		const [first, ...rest] = feed.opening(undefined);
		expect(rest).toEqual([]);
		expect(first).toMatchObject({ id: "e:1", value: { type: "snapshot", events: [{ type: "model.state", model: "a" }] } });
		lmxStreamMessageSchema.parse(first?.value);
	});

	it("goes on after the last event that a reader saw", () => {
		const bus = new EventBus();
		const feed = new EventFeed(bus, 10, "e");
		for (const model of ["a", "b", "c"]) {
			ready(bus, model);
		}
		expect(feed.opening("e:1").map(({ id, value }) => [id, value.type])).toEqual([
			["e:2", "model.state"],
			["e:3", "model.state"],
		]);
		expect(feed.opening("e:3")).toEqual([]);
	});

	it("says that events are lost, then how things are", () => {
		const bus = new EventBus();
		const feed = new EventFeed(bus, 2, "e");
		for (const model of ["a", "b", "c", "d"]) {
			ready(bus, model);
		}
		expect(feed.opening("e:1").map(({ value }) => value)).toMatchObject([{ type: "resync", reason: "too_old" }, { type: "snapshot" }]);
		expect(feed.opening("other:9").map(({ value }) => value)).toMatchObject([
			{ type: "resync", reason: "restarted" },
			{ type: "snapshot" },
		]);
	});
});
