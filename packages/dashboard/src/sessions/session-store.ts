import type { StreamEvent } from "@opta/contracts/schema/daemon-events";
import type { DaemonClient } from "@opta/host-client/daemon/daemon-client";
import { followView } from "@opta/host-client/session/follow-view";
import { applyEvent, emptySessionView, type SessionView } from "@opta/host-client/session/session-view";
import { viewFromSnapshot } from "@opta/host-client/session/view-from-snapshot";

/** What a page shows of a session that it follows. */
export interface FollowedSession {
	readonly view: SessionView;
	/** `lost` goes on trying; `ended` does not, since the session is not there for this reader. */
	readonly connection: "connecting" | "live" | "lost" | "ended";
	/** What the connection ended with. */
	readonly problem: string | null;
}

/** A session that is followed while somebody listens. */
export interface SessionStore {
	getState(): FollowedSession;
	subscribe(listener: () => void): () => void;
	/** Follows anew at once, as when a phone wakes up; what is shown stays until then. */
	refresh(): void;
}

/** What a store needs of its page. */
export interface SessionStoreOptions {
	readonly client: DaemonClient;
	readonly sessionId: string;
	/** Runs the callback before the next paint. */
	readonly beforePaint: (callback: () => void) => void;
	/** Runs the callback after that time. */
	readonly after: (callback: () => void, ms: number) => void;
}

/** Least time between two paints of tokens and output; what is durable, such as a turn or a question, waits for the next frame only. */
const volatilePaintMs = 100;
/** Of a longer session only what the snapshot holds is shown of its past: titles and diffs of old calls are missing. */
const mostHistoryEvents = 2_000;

/** Follows a session from the first listener to the last one that leaves; what was seen stays, and is brought up to date when one comes back. */
export function createSessionStore({ client, sessionId, beforePaint, after }: SessionStoreOptions): SessionStore {
	const listeners = new Set<() => void>();
	let state: FollowedSession = { view: emptySessionView, connection: "connecting", problem: null };
	let shown = state;
	let leave: AbortController | null = null;
	let paintPending = false;
	let isResting = false;
	let hasMore = false;

	function paint(): void {
		if (!paintPending) {
			paintPending = true;
			beforePaint(() => {
				paintPending = false;
				shown = state;
				for (const listener of listeners) {
					listener();
				}
			});
		}
	}

	/** Paints now, and what comes meanwhile when the time is over. */
	function paintAtTimes(): void {
		if (isResting) {
			hasMore = true;
			return;
		}
		paint();
		isResting = true;
		after(() => {
			isResting = false;
			if (hasMore) {
				hasMore = false;
				paintAtTimes();
			}
		}, volatilePaintMs);
	}

	function update(change: Partial<FollowedSession>): void {
		state = { ...state, ...change };
		paint();
	}

	function onEvent(event: StreamEvent): void {
		state = { ...state, view: applyEvent(state.view, event) };
		("seq" in event ? paint : paintAtTimes)();
	}

	function follow(signal: AbortSignal): void {
		const follower = {
			onSession: (...past: Parameters<typeof viewFromSnapshot>) => update({ view: viewFromSnapshot(...past) }),
			onEvent,
			onConnection(connection: "connecting" | "live" | "lost", problem: string | null) {
				if (!signal.aborted) {
					update({ connection, problem: problem ?? (connection === "live" ? null : state.problem) });
				}
			},
		};
		void followView(client, sessionId, follower, signal, { mostHistoryEvents }).then(() => {
			if (!signal.aborted) {
				update({ connection: "ended" });
			}
		});
	}

	function refresh(): void {
		if (leave !== null) {
			leave.abort();
			leave = new AbortController();
			follow(leave.signal);
		}
	}

	return {
		getState: () => shown,
		refresh,
		subscribe(listener) {
			listeners.add(listener);
			if (leave === null) {
				leave = new AbortController();
				follow(leave.signal);
			}
			return () => {
				listeners.delete(listener);
				if (listeners.size === 0) {
					leave?.abort();
					leave = null;
				}
			};
		},
	};
}
