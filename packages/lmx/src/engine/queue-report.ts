import type { QueuePlace } from "./scheduler/scheduler-load.ts";

/** Places change with every request that ends; people do not read faster than this. */
const intervalMs = 250;

/** Decides when those who wait are told where they stand. */
export class QueueReport {
	#sentAtMs = Number.NEGATIVE_INFINITY;
	#sent = "";

	/** The places, when they are due and have changed; else null. `queued` tells whether anybody waits. */
	take(queued: number, places: () => readonly QueuePlace[], nowMs: number): readonly QueuePlace[] | null {
		if (queued === 0) {
			this.#sent = "";
			return null;
		}
		if (nowMs - this.#sentAtMs < intervalMs) {
			return null;
		}
		const current = places();
		const order = current.map(({ id }) => id).join();
		if (order === this.#sent) {
			return null;
		}
		this.#sent = order;
		this.#sentAtMs = nowMs;
		return current;
	}
}
