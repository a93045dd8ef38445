import type { JobState, LmxEvent } from "@opta/contracts/schema/lmx-events";

/** An event that is still true, by what it is about. */
type StateEvent = Extract<LmxEvent, { type: "model.state" | "model.progress" | "job.updated" | "requests.load" }>;

const endedJob: ReadonlySet<JobState> = new Set(["succeeded", "failed", "cancelled"]);

/**
 * How things are, as the events that made them so: the state of every model, the progress of loads, jobs that have
 * not ended, the load. Reading `events()` leaves a client where reading all events would have.
 */
export class CurrentState {
	readonly #events = new Map<string, StateEvent>();

	/** Takes note of an event. */
	apply(event: LmxEvent): void {
		switch (event.type) {
			case "model.state":
				this.#events.delete(`progress ${event.model}`);
				this.#replace(`model ${event.model}`, event);
				break;
			case "model.progress":
				this.#replace(`progress ${event.model}`, event);
				break;
			case "job.updated":
				if (endedJob.has(event.state)) {
					this.#events.delete(`job ${event.job}`);
				} else {
					this.#replace(`job ${event.job}`, event);
				}
				break;
			case "requests.load":
				this.#replace("load", event);
				break;
			case "models.changed":
				for (const model of event.removed) {
					this.#events.delete(`model ${model}`);
					this.#events.delete(`progress ${model}`);
				}
				break;
			case "model.evicted":
			case "model.crashed":
			case "config.reloaded":
				break;
		}
	}

	/** In the order in which they happened. */
	events(): LmxEvent[] {
		return [...this.#events.values()];
	}

	#replace(key: string, event: StateEvent): void {
		this.#events.delete(key);
		this.#events.set(key, event);
	}
}
