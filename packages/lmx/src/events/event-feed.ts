import type { LmxEvent, LmxStreamMessage } from "@opta/contracts/schema/lmx-events";
import { v7 as uuid } from "uuid";
import { CurrentState } from "./current-state.ts";
import type { EventBus } from "./event-bus.ts";
import { EventRing, type Kept } from "./event-ring.ts";

/** Enough for minutes of downloads and loads; a reader that was away for longer gets a snapshot. */
const keptEvents = 1000;

/** The events of a bus with ids, for readers that come, go and come back. */
export class EventFeed {
	readonly #ring: EventRing<LmxEvent>;
	readonly #state = new CurrentState();
	readonly #readers = new Set<(event: Kept<LmxEvent>) => void>();

	constructor(bus: EventBus, capacity = keptEvents, epoch: string = uuid()) {
		this.#ring = new EventRing(epoch, capacity);
		bus.subscribe((event) => {
			this.#state.apply(event);
			const kept = this.#ring.add(event);
			for (const reader of this.#readers) {
				reader(kept);
			}
		});
	}

	/** What a reader must be told before live events: what it missed, or how things are. */
	opening(lastEventId: string | undefined): Kept<LmxStreamMessage>[] {
		const id = this.#ring.lastId;
		const at = new Date().toISOString();
		const snapshot: Kept<LmxStreamMessage> = { id, value: { type: "snapshot", at, events: this.#state.events() } };
		if (lastEventId === undefined) {
			return [snapshot];
		}
		const following = this.#ring.after(lastEventId);
		return following.kind === "entries"
			? [...following.entries]
			: [{ id, value: { type: "resync", at, reason: following.reason } }, snapshot];
	}

	/** Calls back for every event from now on; the result ends that. */
	subscribe(reader: (event: Kept<LmxEvent>) => void): () => void {
		this.#readers.add(reader);
		return () => this.#readers.delete(reader);
	}
}
