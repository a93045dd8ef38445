import { setImmediate as nextRound } from "node:timers/promises";
import type { SessionEvent, StreamEvent, VolatileEvent } from "@opta/contracts/schema/daemon-events";
import { done, failed, type Outcome } from "../sessions/outcome.ts";
import { formatCursor, parseCursor } from "./event-cursor.ts";
import { EventRing } from "./event-ring.ts";
import type { StreamSink, Subscription } from "./stream-sink.ts";
import { Subscriber, type SubscriberLimits } from "./subscriber.ts";
import { VolatileBuffer } from "./volatile-buffer.ts";

/** Bounds of a hub. */
export interface HubLimits extends SubscriberLimits {
	readonly maxSubscribers: number;
	/** Events in memory. */
	readonly ringEvents: number;
	/** Length of their text. */
	readonly ringChars: number;
	/** A reader that is behind by more is told to fetch the snapshot. */
	readonly replayEvents: number;
	/** How long pieces of text are brought together. */
	readonly flushMs: number;
}

/** Bounds where nothing else is said. */
export const defaultHubLimits: HubLimits = {
	maxSubscribers: 64,
	maxFrames: 512,
	maxChars: 4 * 1024 * 1024,
	ringEvents: 512,
	ringChars: 1024 * 1024,
	replayEvents: 10_000,
	flushMs: 8,
};

/** What a hub works with. */
export interface HubOptions {
	readonly sessionId: string;
	readonly epoch: string;
	/** Of the last event that is on the disk now. */
	readonly lastSeq: number;
	/** Events on the disk after that number, in order. */
	readonly readEvents: (afterSeq: number) => AsyncIterable<SessionEvent>;
	readonly now: () => Date;
	readonly limits?: Partial<HubLimits>;
	/** Told when the disk could not be read for somebody, who is told to fetch the snapshot. */
	readonly onProblem: (error: unknown) => void;
}

/** Tells the readers of one session what happens, each with what it missed before: without gaps, without repeats. */
export class SessionHub {
	readonly #options: HubOptions;
	readonly #limits: HubLimits;
	readonly #ring: EventRing;
	readonly #buffer = new VolatileBuffer();
	readonly #readers = new Set<Subscriber>();
	/** Those of the readers that have caught up. */
	readonly #live = new Set<Subscriber>();
	#flushTimer: NodeJS.Timeout | null = null;
	#flushedAtMs = Number.NEGATIVE_INFINITY;

	constructor(options: HubOptions) {
		this.#options = options;
		this.#limits = { ...defaultHubLimits, ...options.limits };
		this.#ring = new EventRing(options.lastSeq, { maxEvents: this.#limits.ringEvents, maxChars: this.#limits.ringChars });
	}

	get readers(): number {
		return this.#readers.size;
	}

	/** Tells of events that are on the disk. */
	publish(events: readonly SessionEvent[]): void {
		this.#flush();
		for (const event of events) {
			const frame = { event, json: JSON.stringify(event) };
			this.#ring.add(frame);
			this.#forget(event);
			for (const reader of this.#live) {
				if (!reader.offer(frame)) {
					const { queued } = reader;
					reader.endWith(this.#frame({ type: "stream.evicted", data: { queued } }));
				}
			}
		}
	}

	/** Tells of something that may be lost: at once after a pause, and pieces of one text that come faster are brought together. */
	emit(event: VolatileEvent): void {
		this.#buffer.add(event);
		if (this.#flushTimer === null) {
			const waitMs = this.#limits.flushMs - (performance.now() - this.#flushedAtMs);
			if (waitMs > 0) {
				this.#flushTimer = setTimeout(() => this.#flush(), waitMs);
			} else {
				this.#flush();
			}
		}
	}

	/** `after`: a cursor, `0` for everything, missing for nothing of what was. */
	subscribe(after: string | undefined, sink: StreamSink): Outcome<Subscription> {
		if (this.#readers.size >= this.#limits.maxSubscribers) {
			return failed("unavailable", `This session has ${this.#limits.maxSubscribers} readers already. Close one of them and try again.`, {
				retryAfterMs: 5000,
			});
		}
		const reader = new Subscriber(sink, this.#limits, () => {
			this.#live.delete(reader);
			this.#readers.delete(reader);
		});
		this.#readers.add(reader);
		const start = this.#startOf(after);
		// Nothing is sent before the caller knows its subscription.
		Promise.resolve()
			.then(() => (typeof start === "number" ? this.#replay(reader, start) : this.#resync(reader, start)))
			.catch((error: unknown) => {
				this.#options.onProblem(error);
				this.#resync(reader, "ring_evicted");
			});
		return done({ sessionId: this.#options.sessionId, stop: () => reader.end() });
	}

	/** Ends all readers. */
	end(): void {
		this.#flush();
		for (const reader of this.#readers) {
			reader.end();
		}
	}

	/** After which number a reader goes on, or why it cannot. */
	#startOf(after: string | undefined): number | "ring_evicted" | "epoch_reset" | "unknown_cursor" {
		const { lastSeq } = this.#ring;
		if (after === undefined) {
			return lastSeq;
		}
		const cursor = parseCursor(after);
		if (cursor === "malformed") {
			return "unknown_cursor";
		}
		if (cursor !== "start" && cursor.epoch !== this.#options.epoch) {
			return "epoch_reset";
		}
		const seq = cursor === "start" ? 0 : cursor.seq;
		if (seq > lastSeq) {
			return "unknown_cursor";
		}
		return lastSeq - seq > this.#limits.replayEvents && this.#ring.after(seq) === null ? "ring_evicted" : seq;
	}

	/** Sends what the reader missed at its own pace, from the disk and then from memory, and lets it in where nothing is missing. */
	async #replay(reader: Subscriber, after: number): Promise<void> {
		let seq = after;
		while (!reader.ended) {
			const frames = this.#ring.after(seq);
			const before = seq;
			for await (const { event, json } of frames ?? this.#diskFrames(seq)) {
				if (reader.ended) {
					return;
				}
				await reader.send({ event, json });
				seq = event.seq;
				if (seq % 256 === 0) {
					await nextRound();
				}
			}
			if (seq === this.#ring.lastSeq) {
				this.#admit(reader);
				return;
			}
			if (frames === null && seq === before) {
				throw new Error("The log does not have what was published.");
			}
		}
	}

	#admit(reader: Subscriber): void {
		if (reader.ended) {
			return;
		}
		this.#flush();
		const { epoch } = this.#options;
		reader.offer(this.#frame({ type: "replay.complete", data: { lastEventId: formatCursor(epoch, this.#ring.lastSeq) } }));
		for (const event of this.#buffer.partial()) {
			reader.offerVolatile(this.#frame(event));
		}
		this.#live.add(reader);
	}

	async *#diskFrames(afterSeq: number): AsyncGenerator<{ event: SessionEvent; json: string }> {
		for await (const event of this.#options.readEvents(afterSeq)) {
			yield { event, json: JSON.stringify(event) };
		}
	}

	#resync(reader: Subscriber, reason: "ring_evicted" | "epoch_reset" | "unknown_cursor"): void {
		reader.endWith(this.#frame({ type: "resync.required", data: { reason } }));
	}

	#flush(): void {
		if (this.#flushTimer !== null) {
			clearTimeout(this.#flushTimer);
			this.#flushTimer = null;
		}
		this.#flushedAtMs = performance.now();
		for (const event of this.#buffer.take()) {
			if (this.#live.size > 0) {
				const frame = this.#frame(event);
				for (const reader of this.#live) {
					reader.offerVolatile(frame);
				}
			}
		}
	}

	#forget(event: SessionEvent): void {
		if (event.type === "turn.message") {
			this.#buffer.forget({ messageId: event.data.message.id });
		} else if (event.type === "tool.result") {
			this.#buffer.forget({ callId: event.data.callId });
		} else if (event.type === "turn.done" || event.type === "turn.error") {
			this.#buffer.forget({ turnId: event.data.turnId });
		}
	}

	#frame(event: Pick<Exclude<StreamEvent, SessionEvent>, "type" | "data">): { event: StreamEvent; json: string } {
		const whole = { v: 1, sessionId: this.#options.sessionId, at: this.#options.now().toISOString(), ...event } as StreamEvent;
		return { event: whole, json: JSON.stringify(whole) };
	}
}
