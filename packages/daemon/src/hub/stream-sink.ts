import type { StreamEvent } from "@opta/contracts/schema/daemon-events";

/** Where a subscriber's events go: an SSE response, a session on a WebSocket. */
export interface StreamSink {
	/**
	 * Sends one event; `json` is the same as text, without a line break. A promise holds the next one back until it resolves
	 * (the socket has drained), which is how a slow reader is noticed. Must not throw; a reader that is gone calls `stop`.
	 */
	readonly send: (event: StreamEvent, json: string) => Promise<void> | undefined;
	/** Called once when nothing will follow: after `resync.required` or `stream.evicted`, when the session was put in the trash, when the daemon ends, or after `stop`. */
	readonly end: () => void;
}

/** A reader of one session's events. */
export interface Subscription {
	readonly sessionId: string;
	/** Ends it; harmless when it has ended. */
	readonly stop: () => void;
}
