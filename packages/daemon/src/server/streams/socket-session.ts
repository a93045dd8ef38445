import { type SocketServerFrame, socketClientFrameSchema } from "@opta/contracts/schema/daemon-events";
import type { WebSocket } from "ws";
import type { Subscription } from "../../hub/stream-sink.ts";
import type { Caller } from "../../sessions/caller.ts";
import type { Sessions } from "../../sessions/sessions.ts";

/** Bounds of one socket. */
export interface SocketLimits {
	/** Sessions that one socket follows at the same time. */
	readonly sessions: number;
	/** More unsent bytes than this hold a session's events back. */
	readonly bufferedBytes: number;
	/** A ping is sent this often; a client that misses two in a row is gone. A sleeping computer misses none: its timers sleep too. */
	readonly heartbeatMs: number;
	/** Changes of the list of sessions are told at most this often. */
	readonly changesMs: number;
}

/** The bounds of a running daemon. */
export const defaultSocketLimits: SocketLimits = { sessions: 64, bufferedBytes: 64 * 1024, heartbeatMs: 15_000, changesMs: 50 };

/** What a socket needs. */
export interface SocketParts {
	readonly sessions: Sessions;
	readonly caller: Caller;
	readonly build: string;
	readonly limits: SocketLimits;
	readonly onClose: () => void;
}

/** Serves one WebSocket: several sessions at once, each with the events that SSE would have. */
export function serveSocket(socket: WebSocket, { sessions, caller, build, limits, onClose }: SocketParts): void {
	/** Null while its subscription is being opened. */
	const followed = new Map<string, Subscription | null>();
	const changed = new Set<string>();
	let missedBeats = 0;
	let changesTimer: NodeJS.Timeout | undefined;

	const say = (frame: SocketServerFrame): void => {
		if (socket.readyState === socket.OPEN) {
			socket.send(JSON.stringify(frame));
		}
	};
	const refuse = (sessionId: string | null, code: string, message: string): void =>
		say({ type: "error", sessionId, error: { code, message } });

	const write = (json: string): Promise<void> | undefined => {
		if (socket.readyState !== socket.OPEN) {
			return undefined;
		}
		if (socket.bufferedAmount < limits.bufferedBytes) {
			socket.send(json);
			return undefined;
		}
		// Sent, or failed because the reader is gone, which ends the subscription.
		return new Promise((resolve) => socket.send(json, () => resolve()));
	};

	async function subscribe(sessionId: string, after: string | undefined): Promise<void> {
		if (followed.has(sessionId)) {
			refuse(sessionId, "conflict", "This socket follows that session already. Unsubscribe first.");
			return;
		}
		if (followed.size >= limits.sessions) {
			refuse(
				sessionId,
				"queue_full",
				`This socket follows ${limits.sessions} sessions, as many as it may. Unsubscribe from one, or open another.`,
			);
			return;
		}
		followed.set(sessionId, null);
		let hasEnded = false;
		const opened = await sessions.subscribe(
			sessionId,
			after,
			{
				send: (_event, json) => write(json),
				end: () => {
					hasEnded = true;
					followed.delete(sessionId);
					say({ type: "unsubscribed", sessionId });
				},
			},
			caller,
		);
		if (!opened.ok) {
			followed.delete(sessionId);
			refuse(sessionId, opened.error.code, opened.error.message);
		} else if (socket.readyState !== socket.OPEN || (!hasEnded && !followed.has(sessionId))) {
			opened.value.stop();
		} else if (!hasEnded) {
			followed.set(sessionId, opened.value);
			say({ type: "subscribed", sessionId });
		}
	}

	function unsubscribe(sessionId: string): void {
		const subscription = followed.get(sessionId);
		if (subscription === undefined) {
			say({ type: "unsubscribed", sessionId });
		} else if (subscription === null) {
			followed.delete(sessionId);
			say({ type: "unsubscribed", sessionId });
		} else {
			subscription.stop();
		}
	}

	const stopChanges = sessions.onChanged((sessionId) => {
		changed.add(sessionId);
		changesTimer ??= setTimeout(() => {
			changesTimer = undefined;
			for (const id of changed) {
				say({ type: "sessions.changed", sessionId: id });
			}
			changed.clear();
		}, limits.changesMs);
	}, caller);

	const heartbeat = setInterval(() => {
		if (missedBeats >= 2) {
			socket.terminate();
			return;
		}
		missedBeats++;
		socket.ping();
	}, limits.heartbeatMs).unref();

	socket.on("pong", () => {
		missedBeats = 0;
	});
	socket.on("message", (data, isBinary) => {
		missedBeats = 0;
		const frame = isBinary ? undefined : readFrame(String(data));
		if (frame === undefined) {
			refuse(null, "invalid_request", "That is no frame of this protocol. Send subscribe, unsubscribe or ping as JSON text.");
		} else if (frame.type === "ping") {
			say({ type: "pong" });
		} else if (frame.type === "unsubscribe") {
			unsubscribe(frame.sessionId);
		} else {
			void subscribe(frame.sessionId, frame.after);
		}
	});
	// An error is always followed by the close.
	socket.on("error", () => undefined);
	socket.on("close", () => {
		clearInterval(heartbeat);
		clearTimeout(changesTimer);
		stopChanges();
		for (const subscription of [...followed.values()]) {
			subscription?.stop();
		}
		followed.clear();
		onClose();
	});
	say({ type: "hello", build, clientId: caller.clientId });
}

function readFrame(text: string) {
	try {
		return socketClientFrameSchema.safeParse(JSON.parse(text)).data;
	} catch {
		return undefined;
	}
}
