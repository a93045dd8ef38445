import type { VolatileEvent } from "@opta/contracts/schema/daemon-events";

/** Longest text that is kept of one message or tool for those who join in the middle; of longer ones they get nothing until the end. */
const maxPartialChars = 1_000_000;

/** What belongs together: text of one channel of a message, output of a call, progress of a turn. */
function keyOf(event: VolatileEvent): string {
	switch (event.type) {
		case "turn.token":
			return `${event.data.messageId} ${event.data.channel}`;
		case "tool.output":
			return event.data.callId;
		case "turn.progress":
			return event.data.turnId;
	}
}

function joined(before: VolatileEvent | undefined, next: VolatileEvent): VolatileEvent | undefined {
	if (next.type === "turn.progress") {
		return next;
	}
	if (before === undefined || before.type === "turn.progress" || next.data.offset !== before.data.offset + before.data.text.length) {
		return undefined;
	}
	return { ...next, data: { ...next.data, offset: before.data.offset, text: before.data.text + next.data.text } } as VolatileEvent;
}

/** Brings pieces of text together between two flushes, and keeps what was said so far of what is not complete. */
export class VolatileBuffer {
	readonly #pending = new Map<string, VolatileEvent>();
	readonly #partial = new Map<string, VolatileEvent>();
	/** Pieces that did not follow on what was before; in order. */
	#ready: VolatileEvent[] = [];

	add(event: VolatileEvent): void {
		const key = keyOf(event);
		const before = this.#pending.get(key);
		const both = joined(before, event);
		if (both === undefined && before !== undefined) {
			this.#ready.push(before);
		}
		this.#pending.set(key, both ?? event);
		this.#keep(key, event);
	}

	/** What came since the last call. */
	take(): VolatileEvent[] {
		const events = [...this.#ready, ...this.#pending.values()];
		this.#ready = [];
		this.#pending.clear();
		return events;
	}

	/** What somebody who joins now has missed of messages and outputs that are not complete. */
	partial(): VolatileEvent[] {
		return [...this.#partial.values()];
	}

	/** Forgets what a durable event tells whole: a message, a call, or a turn with all that was in it. */
	forget(id: { readonly messageId?: string; readonly callId?: string; readonly turnId?: string }): void {
		for (const [key, { type, data }] of this.#partial) {
			const message = type === "turn.token" && data.messageId === id.messageId;
			const call = type === "tool.output" && data.callId === id.callId;
			if (message || call || data.turnId === id.turnId) {
				this.#partial.delete(key);
			}
		}
	}

	#keep(key: string, event: VolatileEvent): void {
		if (event.type === "turn.token") {
			this.#partial.delete(event.data.turnId);
		}
		const starts = event.type === "turn.progress" || event.data.offset === 0;
		const whole = starts ? event : joined(this.#partial.get(key), event);
		if (whole === undefined || (whole.type !== "turn.progress" && whole.data.text.length > maxPartialChars)) {
			this.#partial.delete(key);
		} else {
			this.#partial.set(key, whole);
		}
	}
}
