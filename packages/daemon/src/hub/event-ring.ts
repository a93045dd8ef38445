import type { SessionEvent } from "@opta/contracts/schema/daemon-events";

/** An event with its text, which is made once for all that read it. */
export interface EventFrame {
	readonly event: SessionEvent;
	readonly json: string;
}

/** The latest events of a session, in memory: bounded by count and by length of text. */
export class EventRing {
	readonly #maxEvents: number;
	readonly #maxChars: number;
	#frames: EventFrame[] = [];
	#chars = 0;
	#lastSeq: number;

	/** `lastSeq`: of the last event before any that is added. */
	constructor(lastSeq: number, limits: { readonly maxEvents: number; readonly maxChars: number }) {
		this.#lastSeq = lastSeq;
		this.#maxEvents = limits.maxEvents;
		this.#maxChars = limits.maxChars;
	}

	get lastSeq(): number {
		return this.#lastSeq;
	}

	/** Adds the event that follows the last one. */
	add(frame: EventFrame): void {
		this.#frames.push(frame);
		this.#chars += frame.json.length;
		this.#lastSeq = frame.event.seq;
		let drop = 0;
		while (drop < this.#frames.length && (this.#frames.length - drop > this.#maxEvents || this.#chars > this.#maxChars)) {
			this.#chars -= this.#frames[drop]?.json.length ?? 0;
			drop += 1;
		}
		if (drop > 0) {
			this.#frames = this.#frames.slice(drop);
		}
	}

	/** All after that number; null when some of them are not in memory any more. */
	after(seq: number): readonly EventFrame[] | null {
		const missing = this.#lastSeq - seq;
		return missing <= this.#frames.length ? this.#frames.slice(this.#frames.length - missing) : null;
	}
}
