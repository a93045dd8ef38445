import type { LmxEvent } from "@opta/contracts/schema/lmx-events";

/** An event before it has a time. */
export type NewEvent = LmxEvent extends infer Each ? (Each extends LmxEvent ? Omit<Each, "at"> : never) : never;

/** Everything that happens in LMX passes here once; `GET /admin/events`, metrics and logs listen. */
export class EventBus {
	readonly #listeners = new Set<(event: LmxEvent) => void>();

	/** Stamps the event and tells all listeners at once. */
	publish(event: NewEvent): void {
		const stamped = { ...event, at: new Date().toISOString() } as LmxEvent;
		for (const listener of this.#listeners) {
			listener(stamped);
		}
	}

	/** Calls back for every event from now on; the result ends that. */
	subscribe(listener: (event: LmxEvent) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}
}
