import { randomUUID } from "node:crypto";
import type { StreamEvent } from "@opta/contracts/schema/daemon-events";
import type { CreateTurn, SessionSnapshot, TurnAccepted } from "@opta/contracts/schema/daemon-session";
import type { DaemonClient } from "@opta/host-client/daemon/daemon-client";
import { unwrapAnswer } from "../../daemon/unwrap-answer.ts";
import { CommandFailure } from "../../program/command-failure.ts";

/** An event of a turn. */
export type TurnEvent = Exclude<StreamEvent, { type: "session.updated" | "replay.complete" | "resync.required" | "stream.evicted" }>;
/** The event that ends a turn. */
export type TurnEndEvent = Extract<TurnEvent, { type: "turn.done" | "turn.error" }>;

/** What a turn is followed with. */
export interface TurnFollower {
	/** Called once, before any event. */
	readonly onAccepted: (accepted: TurnAccepted) => void;
	/** Durable events of the turn once and in order, volatile ones as they come. */
	readonly onEvent: (event: TurnEvent) => void;
	readonly onConnection: (state: "connecting" | "live" | "lost") => void;
}

/** Without the daemon for so long, nobody waits any more: the turn is on its disk. */
const lostLimitMs = 30_000;
const eventsPerRead = 500;

function isOfTurn(event: StreamEvent, turnId: string): event is TurnEvent {
	return "turnId" in event.data && event.data.turnId === turnId;
}

function lostFailure(sessionId: string): CommandFailure {
	return new CommandFailure(
		"unreachable",
		`The daemon does not answer any more. What was done so far is kept; go on with: opta attach ${sessionId}`,
	);
}

/**
 * Begins a turn and follows it to its end, through lost connections. The signal only stops following.
 * @throws {CommandFailure} when the daemon refuses the turn or is lost.
 */
export async function followTurn(client: DaemonClient, sessionId: string, body: CreateTurn, follower: TurnFollower): Promise<TurnEndEvent> {
	const leave = new AbortController();
	const ready = Promise.withResolvers<void>();
	const ended = Promise.withResolvers<TurnEndEvent>();
	let accepted: TurnAccepted | null = null;
	let early: StreamEvent[] = [];
	let lastSeq = 0;
	let lostTimer: NodeJS.Timeout | undefined;

	const take = (event: StreamEvent): void => {
		if (accepted === null) {
			early.push(event);
			return;
		}
		if (!isOfTurn(event, accepted.turnId)) {
			return;
		}
		if ("seq" in event) {
			if (event.seq <= lastSeq) {
				return;
			}
			lastSeq = event.seq;
		}
		follower.onEvent(event);
		if (event.type === "turn.done" || event.type === "turn.error") {
			ended.resolve(event);
		}
	};
	const catchUp = async ({ turnId, eventId }: TurnAccepted, snapshot: SessionSnapshot): Promise<void> => {
		for (let after = eventId, more = true; more; ) {
			const page = unwrapAnswer(await client.listEvents(sessionId, after, eventsPerRead));
			page.events.forEach(take);
			after = page.events.at(-1)?.id ?? after;
			more = page.more && page.events.length > 0;
		}
		if (!snapshot.turns.some((turn) => turn.turnId === turnId)) {
			// Over, and its end was not among the events: the log was replaced under us.
			ended.reject(lostFailure(sessionId));
		}
	};
	const following = client.followSession(
		sessionId,
		{
			onSnapshot(snapshot) {
				ready.resolve();
				if (accepted !== null) {
					catchUp(accepted, snapshot).catch(ended.reject);
				}
			},
			onEvent: take,
			onConnection(state) {
				clearTimeout(lostTimer);
				if (state === "lost") {
					ready.resolve();
					lostTimer = setTimeout(() => ended.reject(lostFailure(sessionId)), lostLimitMs);
				}
				follower.onConnection(state);
			},
		},
		leave.signal,
	);
	try {
		await ready.promise;
		const answer = unwrapAnswer(await client.createTurn(sessionId, body, randomUUID()));
		follower.onAccepted(answer);
		accepted = answer;
		early.forEach(take);
		early = [];
		return await ended.promise;
	} finally {
		clearTimeout(lostTimer);
		leave.abort();
		await following;
	}
}
