import type { TurnEndEvent, TurnEvent } from "./follow-turn.ts";

/** How a task ended: what `--json` prints, and the last line of `--stream-json`. */
export interface TurnResult {
	sessionId: string;
	turnId: string | null;
	ok: boolean;
	/** `error`: see `error`. */
	reason: "stop" | "length" | "step_limit" | "cancelled" | "joined" | "timed_out" | "error";
	/** The agent's last words. */
	text: string;
	model: string | null;
	provider: "lmx" | "anthropic" | null;
	usage: { promptTokens: number; cachedTokens: number; completionTokens: number } | null;
	durationMs: number | null;
	toolCalls: number;
	/** What was not allowed. */
	denied: { tool: string; title: string }[];
	error: { code: string; message: string } | null;
}

/** A result of nothing yet. */
export function createResult(sessionId: string): TurnResult {
	return {
		sessionId,
		turnId: null,
		ok: false,
		reason: "error",
		text: "",
		model: null,
		provider: null,
		usage: null,
		durationMs: null,
		toolCalls: 0,
		denied: [],
		error: null,
	};
}

/** Notes an event of the turn. `titles` keeps what was asked for, to name it when it is denied. */
export function addToResult(result: TurnResult, event: TurnEvent, asked: Map<string, { tool: string; title: string }>): void {
	switch (event.type) {
		case "turn.started":
			result.model = event.data.model;
			result.provider = event.data.provider;
			return;
		case "turn.message":
			if (event.data.message.role === "assistant" && event.data.message.content !== "") {
				result.text = event.data.message.content;
			}
			return;
		case "tool.start":
			result.toolCalls++;
			return;
		case "permission.request":
			asked.set(event.data.permission.id, { tool: event.data.permission.tool, title: event.data.permission.title });
			return;
		case "permission.resolved": {
			const wanted = asked.get(event.data.permissionId);
			if (event.data.decision === "deny" && event.data.cause !== "cancelled" && wanted !== undefined) {
				result.denied.push(wanted);
			}
			return;
		}
		default:
			return;
	}
}

/** Notes how the turn ended. */
export function endResult(result: TurnResult, end: TurnEndEvent, didTimeOut: boolean): void {
	result.usage = end.data.usage ?? null;
	if (end.type === "turn.error") {
		result.error = { code: end.data.code, message: end.data.message };
		return;
	}
	result.durationMs = end.data.durationMs;
	result.reason = end.data.reason === "cancelled" && didTimeOut ? "timed_out" : end.data.reason;
	result.ok = end.data.reason === "stop" && result.denied.length === 0;
}
