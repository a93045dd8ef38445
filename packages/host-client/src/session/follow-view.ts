import type { StreamEvent } from "@opta/contracts/schema/daemon-events";
import type { SessionSnapshot } from "@opta/contracts/schema/daemon-session";
import type { DaemonClient, SessionFollower } from "../daemon/daemon-client.ts";

/** What a view of a session is told of the session that it follows. */
export interface ViewFollower {
	/** The session whole, with its events from the beginning where they could be had; what came since follows as events. */
	readonly onSession: (snapshot: SessionSnapshot, history: readonly StreamEvent[]) => void;
	readonly onEvent: (event: StreamEvent) => void;
	readonly onConnection: NonNullable<SessionFollower["onConnection"]>;
}

/** How far back a follower looks. */
export interface HistoryOptions {
	/** Sessions with more events are shown from their snapshot alone. */
	readonly mostHistoryEvents?: number;
}

const pageSize = 1000;
const usualHistoryEvents = 10_000;

/** Follows a session until the signal. Events that come while its history is being read wait for it. */
export async function followView(
	client: DaemonClient,
	sessionId: string,
	follower: ViewFollower,
	signal: AbortSignal,
	{ mostHistoryEvents = usualHistoryEvents }: HistoryOptions = {},
): Promise<void> {
	let waiting: StreamEvent[] | null = null;
	let snapshots = 0;
	const onSnapshot = async (snapshot: SessionSnapshot): Promise<void> => {
		snapshots += 1;
		const mine = snapshots;
		waiting = [];
		const history = snapshot.metadata.lastSeq > mostHistoryEvents ? [] : await readHistory(client, sessionId, snapshot.metadata.lastSeq);
		if (mine !== snapshots || signal.aborted) {
			return;
		}
		const arrived = waiting;
		waiting = null;
		follower.onSession(snapshot, history);
		arrived.forEach(follower.onEvent);
	};
	await client.followSession(
		sessionId,
		{
			onSnapshot: (snapshot) => void onSnapshot(snapshot),
			onEvent: (event) => (waiting === null ? follower.onEvent(event) : void waiting.push(event)),
			onConnection: follower.onConnection,
		},
		signal,
	);
}

/** Events up to that number; none where they cannot be had: the snapshot is enough to go on. */
async function readHistory(client: DaemonClient, sessionId: string, lastSeq: number): Promise<readonly StreamEvent[]> {
	const events: StreamEvent[] = [];
	let after = "0";
	for (let page = 0; page <= lastSeq / pageSize; page += 1) {
		const answer = await client.listEvents(sessionId, after, pageSize);
		const last = answer.ok ? answer.value.events.at(-1) : undefined;
		if (!answer.ok || last === undefined) {
			break;
		}
		events.push(...answer.value.events);
		if (!answer.value.more || last.seq >= lastSeq) {
			break;
		}
		after = last.id;
	}
	return events;
}
