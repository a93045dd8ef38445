import type { StreamEvent } from "@opta/contracts/schema/daemon-events";
import type { SessionSnapshot } from "@opta/contracts/schema/daemon-session";
import type { HostErrorCode, HostResult } from "../host-error.ts";
import type { DaemonClientOptions, SessionFollower } from "./daemon-client.ts";
import type { DaemonRequest } from "./daemon-request.ts";
import { readEventStream } from "./read-event-stream.ts";
import { reconnectDelayMs, waitUnlessAborted } from "./reconnect-delay.ts";
import { readSocket, type ServerFrame, type StreamEnd } from "./socket-frames.ts";

/** What following needs. */
export interface FollowParts {
	readonly sessionId: string;
	readonly follower: SessionFollower;
	readonly signal: AbortSignal;
	readonly options: DaemonClientOptions;
	readonly request: DaemonRequest;
	readonly readSnapshot: (sessionId: string) => Promise<HostResult<SessionSnapshot>>;
}

/** With these there is nothing to wait for: the session is not there for this client. */
const final: ReadonlySet<HostErrorCode> = new Set(["not_found", "forbidden", "foreign_origin", "host_revoked"]);

function isEvent(frame: ServerFrame): frame is StreamEvent {
	return "v" in frame && "sessionId" in frame;
}

/** Where a follower is: the last durable event that it was told. */
class Cursor {
	#epoch: string;
	#seq: number;

	constructor(eventId: string) {
		const colon = eventId.lastIndexOf(":");
		this.#epoch = eventId.slice(0, colon);
		this.#seq = Number(eventId.slice(colon + 1));
	}

	get eventId(): string {
		return `${this.#epoch}:${this.#seq}`;
	}

	/** Whether a durable event is the next one, was told before, or leaves a gap. */
	judge(id: string, seq: number): "next" | "known" | "gap" {
		if (id !== `${this.#epoch}:${seq}`) {
			return "gap";
		}
		if (seq <= this.#seq) {
			return "known";
		}
		if (seq !== this.#seq + 1) {
			return "gap";
		}
		this.#seq = seq;
		return "next";
	}
}

/**
 * Follows one session until the signal: the snapshot, then every durable event once and in order. The stream is resumed where
 * it broke; where it cannot be, the follower gets a new snapshot. Ends also where the session is gone for this client.
 */
export async function followSession({ sessionId, follower, signal, options, request, readSnapshot }: FollowParts): Promise<void> {
	let cursor: Cursor | null = null;
	let failures = 0;
	const socketAllowed = options.transport !== "events";
	let bySocket = socketAllowed;

	const take = (event: StreamEvent): "go on" | "stop" => {
		if (event.sessionId !== sessionId) {
			return "go on";
		}
		if ("id" in event) {
			const verdict = cursor?.judge(event.id, event.seq) ?? "gap";
			if (verdict === "gap") {
				cursor = null;
				return "stop";
			}
			if (verdict === "known") {
				return "go on";
			}
		}
		if (event.type === "resync.required") {
			cursor = null;
			return "stop";
		}
		if (event.type === "replay.complete") {
			failures = 0;
			follower.onConnection?.("live", null);
		}
		follower.onEvent(event);
		return event.type === "stream.evicted" ? "stop" : "go on";
	};

	const readOnce = async (after: string): Promise<StreamEnd> => {
		if (!bySocket) {
			return readEventStream(request, sessionId, after, take, signal);
		}
		let refusal: string | null = null;
		const end = await readSocket(
			options,
			{
				first: [{ type: "subscribe", sessionId, after }],
				onFrame: (frame) => {
					if (isEvent(frame)) {
						return take(frame);
					}
					if (frame.type === "error" && frame.sessionId === sessionId) {
						refusal = frame.error.message;
						return "stop";
					}
					return frame.type === "unsubscribed" && frame.sessionId === sessionId ? "stop" : "go on";
				},
			},
			signal,
		);
		return { ...end, problem: refusal ?? end.problem };
	};

	while (!signal.aborted) {
		follower.onConnection?.("connecting", null);
		if (cursor === null) {
			const snapshot = await readSnapshot(sessionId);
			if (signal.aborted) {
				return;
			}
			if (!snapshot.ok) {
				follower.onConnection?.("lost", snapshot.error.message);
				if (final.has(snapshot.error.code)) {
					return;
				}
				await waitUnlessAborted(reconnectDelayMs(failures++), signal);
				continue;
			}
			cursor = new Cursor(snapshot.value.lastEventId);
			follower.onSnapshot(snapshot.value);
		}
		const end = await readOnce(cursor.eventId);
		if (signal.aborted) {
			return;
		}
		if (!end.opened) {
			bySocket = socketAllowed && !bySocket;
		}
		follower.onConnection?.("lost", end.problem);
		await waitUnlessAborted(reconnectDelayMs(failures++), signal);
	}
}
