import { v7 as newId } from "uuid";
import type { ChangeBasis, DraftEvent } from "../sessions/session-journal.ts";
import { begunTurn, type SessionState } from "../sessions/session-state.ts";
import { answerCalls, openCalls } from "./open-calls.ts";
import { endTurn } from "./turn-events.ts";

/**
 * What becomes of a turn that an earlier daemon did not end. One that waited for a person goes on where it was: calls that
 * were being made beside the question are answered as interrupted, those that wait stay open. Any other is over.
 */
export function resumeTurn(basis: ChangeBasis): DraftEvent[] {
	const { state, at } = basis;
	const turn = begunTurn(state);
	if (turn === undefined) {
		return [];
	}
	if (!canResume(state)) {
		const interrupted = "The daemon ended while this turn ran. What was done so far is kept; send a message to go on.";
		return state.turns.filter(({ begun }) => begun).flatMap(({ turnId }) => endTurn(basis, turnId, { interrupted }, 0));
	}
	const waiting = new Set(state.file.permissions.map(({ callId }) => callId));
	const cut = openCalls(state.file.messages).filter(({ id }) => state.startedCalls.includes(id) && !waiting.has(id));
	return answerCalls(cut, turn.turnId, "Interrupted by the end of the daemon; it may have had effects.", at, newId);
}

/** True where a turn waits for an answer about one of the calls that the model asked for last. */
export function canResume(state: SessionState): boolean {
	const waiting = new Set(state.file.permissions.map(({ callId }) => callId));
	return begunTurn(state) !== undefined && openCalls(state.file.messages).some(({ id }) => waiting.has(id));
}
