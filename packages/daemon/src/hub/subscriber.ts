import type { StreamEvent } from "@opta/contracts/schema/daemon-events";
import type { StreamSink } from "./stream-sink.ts";

/** How far a reader may be behind before it is cut off. */
export interface SubscriberLimits {
	readonly maxFrames: number;
	/** Length of text. */
	readonly maxChars: number;
}

interface Frame {
	readonly event: StreamEvent;
	readonly json: string;
}

/** One reader: a bounded queue before its sink. What it does or fails to do touches nobody else. */
export class Subscriber {
	readonly #sink: StreamSink;
	readonly #limits: SubscriberLimits;
	readonly #onEnd: () => void;
	#queue: Frame[] = [];
	#chars = 0;
	#draining = false;
	#ended = false;

	constructor(sink: StreamSink, limits: SubscriberLimits, onEnd: () => void) {
		this.#sink = sink;
		this.#limits = limits;
		this.#onEnd = onEnd;
	}

	get ended(): boolean {
		return this.#ended;
	}

	/** Queues a frame that may not be missed; false when the reader is too slow for it. */
	offer(frame: Frame): boolean {
		const full = this.#queue.length >= this.#limits.maxFrames || this.#chars + frame.json.length > this.#limits.maxChars;
		if (full && this.#queue.length > 0) {
			return false;
		}
		this.#push(frame);
		return true;
	}

	/** Queues a frame that may be missed: a reader that is half behind does without. */
	offerVolatile(frame: Frame): void {
		if (this.#queue.length < this.#limits.maxFrames / 2 && this.#chars < this.#limits.maxChars / 2) {
			this.#push(frame);
		}
	}

	/** Sends a frame before anything is queued; the promise says when the next may follow. */
	send(frame: Frame): Promise<void> | undefined {
		if (this.#ended) {
			return undefined;
		}
		try {
			return this.#sink.send(frame.event, frame.json);
		} catch {
			this.end();
			return undefined;
		}
	}

	/** Sends a last frame past the queue and ends. */
	endWith(frame: Frame): void {
		this.#queue = [];
		// Whether it arrives makes no difference any more: the reader is cut off.
		this.send(frame)?.catch(() => undefined);
		this.end();
	}

	end(): void {
		if (this.#ended) {
			return;
		}
		this.#ended = true;
		this.#queue = [];
		this.#onEnd();
		try {
			this.#sink.end();
		} catch {
			// A sink that cannot be ended is gone, which is what was asked for.
			return;
		}
	}

	get queued(): number {
		return this.#queue.length;
	}

	#push(frame: Frame): void {
		if (this.#ended) {
			return;
		}
		this.#queue.push(frame);
		this.#chars += frame.json.length;
		if (!this.#draining) {
			this.#draining = true;
			this.#drain().then(
				() => undefined,
				() => this.end(),
			);
		}
	}

	async #drain(): Promise<void> {
		for (let frame = this.#queue.shift(); frame !== undefined && !this.#ended; frame = this.#queue.shift()) {
			const sent = this.send(frame);
			if (sent !== undefined) {
				await sent;
			}
			this.#chars -= frame.json.length;
		}
		this.#draining = false;
	}
}
