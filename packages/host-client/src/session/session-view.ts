import type { StreamEvent } from "@opta/contracts/schema/daemon-events";
import type { Message } from "@opta/contracts/schema/daemon-message";
import type { PendingPermission, PermissionResolution } from "@opta/contracts/schema/daemon-permission";
import type { OpenTurn, SessionInfo, Todo } from "@opta/contracts/schema/daemon-session";
import { emptyChannel, extendChannel, type LiveMessage } from "./live-message.ts";
import { newRun, runsWith, type ToolRun, type ToolRuns, withOutput } from "./tool-run.ts";

/** One thing in the order in which it happened. */
export type Entry =
	| { readonly kind: "message"; readonly message: Message }
	/** A call that no message names: of a sub-agent. */
	| { readonly kind: "call"; readonly callId: string }
	| {
			readonly kind: "error";
			readonly turnId: string;
			readonly code: string;
			readonly message: string;
			readonly interrupted: boolean;
	  }
	| {
			readonly kind: "done";
			readonly turnId: string;
			readonly reason: "stop" | "length" | "cancelled" | "step_limit";
			readonly usage: { readonly promptTokens: number; readonly cachedTokens: number; readonly completionTokens: number };
			readonly durationMs: number;
			readonly model: string | null;
			readonly provider: "lmx" | "anthropic" | null;
	  }
	| { readonly kind: "compacted"; readonly at: string };

/** What is known of a session: enough to draw it. Volatile parts (`live`, `progress`, `tail`) vanish with the durable events that replace them. */
export interface SessionView {
	readonly info: SessionInfo | null;
	readonly entries: readonly Entry[];
	readonly runs: ToolRuns;
	/** How the question for a call was answered, by call. */
	readonly decisions: Readonly<Record<string, PermissionResolution>>;
	readonly permissions: readonly PendingPermission[];
	readonly todos: readonly Todo[];
	/** In the order in which they run; the first may be running. */
	readonly turns: readonly OpenTurn[];
	/** Model and provider of turns that have started, by turn. */
	readonly providers: Readonly<Record<string, { readonly model: string; readonly provider: "lmx" | "anthropic" }>>;
	readonly live: LiveMessage | null;
	readonly progress: { readonly stage: string; readonly fraction: number | null; readonly message: string | null } | null;
	/** Of the last durable event taken in. */
	readonly lastSeq: number;
}

/** Before anything is known. */
export const emptySessionView: SessionView = {
	info: null,
	entries: [],
	runs: {},
	decisions: {},
	permissions: [],
	todos: [],
	turns: [],
	providers: {},
	live: null,
	progress: null,
	lastSeq: 0,
};

/** The view after one more event. Durable events already taken in, and types not known, change nothing. */
export function applyEvent(view: SessionView, event: StreamEvent): SessionView {
	if ("seq" in event) {
		return event.seq <= view.lastSeq ? view : { ...applyDurable(view, event), lastSeq: event.seq };
	}
	switch (event.type) {
		case "turn.token":
			return applyToken(view, event.data);
		case "tool.output": {
			const run = view.runs[event.data.callId];
			return run === undefined
				? view
				: { ...view, runs: { ...view.runs, [run.callId]: withOutput(run, event.data.offset, event.data.text) }, progress: null };
		}
		case "turn.progress":
			return isOpen(view, event.data.turnId)
				? { ...view, progress: { stage: event.data.stage, fraction: event.data.fraction, message: event.data.message } }
				: view;
		default:
			return view;
	}
}

type Durable = Extract<StreamEvent, { seq: number }>;

function applyDurable(view: SessionView, event: Durable): SessionView {
	switch (event.type) {
		case "session.updated":
			return applySession(view, event.data, event.at);
		case "turn.queued":
			return { ...view, turns: [...view.turns.filter((turn) => turn.turnId !== event.data.turnId), event.data.turn] };
		case "turn.started":
			return {
				...view,
				turns: setTurnState(view.turns, event.data.turnId, "running"),
				providers: { ...view.providers, [event.data.turnId]: { model: event.data.model, provider: event.data.provider } },
				progress: null,
			};
		case "turn.message":
			return addMessage(view, event.data.message);
		case "tool.start":
			return startRun(view, event.data);
		case "tool.result": {
			const { callId, turnId, name, ok, output, truncated, durationMs, diff } = event.data;
			const known = view.runs[callId];
			const run: ToolRun = {
				...(known ?? newRun(callId, turnId, name)),
				state: ok ? "ok" : "failed",
				tail: "",
				written: 0,
				output,
				truncated,
				durationMs,
				diff: diff ?? null,
			};
			return { ...view, runs: { ...view.runs, [callId]: run } };
		}
		case "permission.request":
			return {
				...view,
				permissions: [...view.permissions.filter((entry) => entry.id !== event.data.permission.id), event.data.permission],
				turns: setTurnState(view.turns, event.data.turnId, "waiting"),
				progress: null,
			};
		case "permission.resolved": {
			const asked = view.permissions.find((entry) => entry.id === event.data.permissionId);
			const permissions = view.permissions.filter((entry) => entry !== asked);
			const stillWaits = permissions.some((entry) => entry.turnId === event.data.turnId);
			const { turnId, ...resolution } = event.data;
			return {
				...view,
				permissions,
				decisions: asked === undefined ? view.decisions : { ...view.decisions, [asked.callId]: resolution },
				turns: stillWaits ? view.turns : setTurnState(view.turns, turnId, "running", "waiting"),
			};
		}
		case "turn.done": {
			const { turnId, reason, usage, durationMs } = event.data;
			if (reason === "joined") {
				return { ...view, turns: view.turns.filter((turn) => turn.turnId !== turnId) };
			}
			const by = view.providers[turnId];
			return endTurn(view, turnId, {
				kind: "done",
				turnId,
				reason,
				usage,
				durationMs,
				model: by?.model ?? null,
				provider: by?.provider ?? null,
			});
		}
		case "turn.error": {
			const { turnId, code, message, interrupted } = event.data;
			return endTurn(view, turnId, { kind: "error", turnId, code, message, interrupted });
		}
		default:
			return view;
	}
}

function applySession(view: SessionView, data: Extract<Durable, { type: "session.updated" }>["data"], at: string): SessionView {
	const next: SessionView = { ...view, info: data.session, todos: data.todos ?? view.todos };
	if (data.messages === "compacted" || (data.compaction !== undefined && data.compaction !== null)) {
		return { ...next, entries: [...next.entries, { kind: "compacted", at }] };
	}
	if (data.messages !== "rewound") {
		return next;
	}
	const cut = next.entries.findIndex((entry) => entry.kind === "message" && entry.message.id === data.fromMessageId);
	return cut < 0 ? next : { ...next, entries: next.entries.slice(0, cut), live: null };
}

/** Adds a message; a tool's answer also ends its run, for those who have not seen `tool.result`. */
function addMessage(view: SessionView, message: Message): SessionView {
	const live = view.live?.messageId === message.id || message.role === "assistant" ? null : view.live;
	return {
		...view,
		entries: [...view.entries, { kind: "message", message }],
		runs: runsWith(view.runs, message),
		live,
		progress: null,
	};
}

function startRun(view: SessionView, data: Extract<Durable, { type: "tool.start" }>["data"]): SessionView {
	const known = view.runs[data.callId];
	const run = { ...(known ?? newRun(data.callId, data.turnId, data.name)), title: data.title, arguments: data.arguments };
	return {
		...view,
		runs: { ...view.runs, [data.callId]: run },
		entries: known === undefined ? [...view.entries, { kind: "call", callId: data.callId }] : view.entries,
		progress: null,
	};
}

function endTurn(view: SessionView, turnId: string, entry: Entry): SessionView {
	const runs = Object.fromEntries(
		Object.entries(view.runs).map(([callId, run]) => [
			callId,
			run.turnId === turnId && run.state === "running" ? { ...run, state: "stopped" as const, tail: "", written: 0 } : run,
		]),
	);
	return {
		...view,
		entries: [...view.entries, entry],
		runs,
		permissions: view.permissions.filter((permission) => permission.turnId !== turnId),
		turns: view.turns.filter((turn) => turn.turnId !== turnId),
		live: view.live?.turnId === turnId ? null : view.live,
		progress: null,
	};
}

function setTurnState(turns: readonly OpenTurn[], turnId: string, state: OpenTurn["state"], only?: OpenTurn["state"]): readonly OpenTurn[] {
	return turns.map((turn) => (turn.turnId === turnId && (only === undefined || turn.state === only) ? { ...turn, state } : turn));
}

function isOpen(view: SessionView, turnId: string): boolean {
	return view.turns.some((turn) => turn.turnId === turnId);
}

function applyToken(view: SessionView, data: Extract<StreamEvent, { type: "turn.token" }>["data"]): SessionView {
	const stored = view.entries.some((entry) => entry.kind === "message" && entry.message.id === data.messageId);
	if (stored || !isOpen(view, data.turnId)) {
		return view;
	}
	const live: LiveMessage =
		view.live?.messageId === data.messageId
			? view.live
			: { messageId: data.messageId, turnId: data.turnId, text: emptyChannel, reasoning: emptyChannel };
	return { ...view, live: { ...live, [data.channel]: extendChannel(live[data.channel], data.offset, data.text) }, progress: null };
}
