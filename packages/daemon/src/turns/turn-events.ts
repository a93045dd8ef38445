import type { Message } from "@opta/contracts/schema/daemon-message";
import { v7 as newId } from "uuid";
import type { ChangeBasis, DraftEvent } from "../sessions/session-journal.ts";
import { type SessionState, type StoredTurn, sessionInfo } from "../sessions/session-state.ts";
import { answerCalls, openCalls } from "./open-calls.ts";
import type { TurnEnd, TurnUsage } from "./turn-runner.ts";

/** Title of a session before anything was said in it. */
export const untitled = "New session";
const titleChars = 60;

/** What a turn that did not reach the model has used. */
export const noUsage: TurnUsage = { promptTokens: 0, cachedTokens: 0, completionTokens: 0 };

/** Makes a turn's message part of the session, under the turn's own id: so the turn has begun, once. */
export function beginTurn({ state, at }: ChangeBasis, turn: StoredTurn): DraftEvent[] {
	const message = userMessage(turn, turn.turnId, at);
	const drafts: DraftEvent[] = [{ event: { type: "turn.message", data: { turnId: turn.turnId, message } } }];
	const info = sessionInfo(state);
	const title = firstLine(turn.content);
	if (info.title === untitled && !info.metadata.named && title !== "") {
		drafts.push({ event: { type: "session.updated", data: { session: { ...info, title } } } });
	}
	return drafts;
}

/** Lets waiting turns that want to steer join the one that runs. */
export function joinTurns({ state, at }: ChangeBasis, runningTurnId: string): { drafts: DraftEvent[]; messages: Message[] } {
	const joining = state.turns.filter(({ mode, begun }) => mode === "steer" && !begun);
	const messages = joining.map((turn) => userMessage(turn, runningTurnId, at));
	const drafts = joining.flatMap(({ turnId, queuedAt }, index): DraftEvent[] => {
		const message = messages[index];
		const durationMs = Math.max(0, Date.parse(at) - Date.parse(queuedAt));
		const ended = { turnId, reason: "joined" as const, joinedTurnId: runningTurnId, usage: noUsage, durationMs };
		return message === undefined
			? []
			: [{ event: { type: "turn.message", data: { turnId: runningTurnId, message } } }, { event: { type: "turn.done", data: ended } }];
	});
	return { drafts, messages };
}

/** Ends a turn that has begun: open questions are closed, open calls answered, and the end told. */
export function endTurn(
	{ state, at }: ChangeBasis,
	turnId: string,
	end: TurnEnd | { readonly interrupted: string },
	durationMs: number,
): DraftEvent[] {
	if (!state.turns.some((turn) => turn.turnId === turnId)) {
		return [];
	}
	const cancelled = "ok" in end && end.ok && end.reason === "cancelled";
	const output = cancelled ? "Cancelled before it had a result." : "Interrupted before it had a result; it may have had effects.";
	const drafts = [
		...closePermissions(state, turnId, cancelled ? "a cancel" : "the end of the turn"),
		...answerCalls(openCalls(state.file.messages), turnId, output, at, newId),
	];
	if ("interrupted" in end) {
		const data = { turnId, code: "unavailable", message: end.interrupted, interrupted: true };
		return [...drafts, { event: { type: "turn.error", data } }];
	}
	if (!end.ok) {
		const { code, message, usage } = end;
		return [...drafts, { event: { type: "turn.error", data: { turnId, code, message, interrupted: false, usage } } }];
	}
	return [...drafts, { event: { type: "turn.done", data: { turnId, reason: end.reason, usage: end.usage, durationMs } } }];
}

/** Takes a turn that has not begun out of the queue. */
export function dropTurn(turn: Pick<StoredTurn, "turnId" | "queuedAt">, at: string): DraftEvent {
	const durationMs = Math.max(0, Date.parse(at) - Date.parse(turn.queuedAt));
	return { event: { type: "turn.done", data: { turnId: turn.turnId, reason: "cancelled", usage: noUsage, durationMs } } };
}

/** Closes the questions of a turn without an answer. */
export function closePermissions({ file }: SessionState, turnId: string, by: string): DraftEvent[] {
	return file.permissions
		.filter((permission) => permission.turnId === turnId)
		.map(({ id: permissionId }) => ({
			event: {
				type: "permission.resolved",
				data: { turnId, permissionId, decision: "deny", scope: "once", by, cause: "cancelled" },
			},
		}));
}

function userMessage(turn: StoredTurn, turnId: string, at: string): Message {
	const { content, attachments, clientId } = turn;
	return {
		id: turn.turnId,
		role: "user",
		at,
		turnId,
		content,
		...(attachments === undefined ? {} : { attachments }),
		...(clientId === null ? {} : { clientId }),
	};
}

function firstLine(content: string): string {
	const line = content.trim().split("\n", 1)[0]?.trim() ?? "";
	return line.length > titleChars ? `${line.slice(0, titleChars - 1).trimEnd()}…` : line;
}
