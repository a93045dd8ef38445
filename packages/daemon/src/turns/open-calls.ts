import type { Message, ToolCall } from "@opta/contracts/schema/daemon-message";
import type { DraftEvent } from "../sessions/session-journal.ts";

/** Calls of the last assistant message that no tool message answers yet. */
export function openCalls(messages: readonly Message[]): ToolCall[] {
	const last = messages.findLastIndex(({ role }) => role === "assistant");
	const answered = new Set(messages.slice(last + 1).map(({ toolCallId }) => toolCallId));
	return (messages[last]?.toolCalls ?? []).filter(({ id }) => !answered.has(id));
}

/** Answers calls that will not be made or went unfinished, so that the conversation stays one that models can read. */
export function answerCalls(calls: readonly ToolCall[], turnId: string, output: string, at: string, newId: () => string): DraftEvent[] {
	return calls.flatMap(({ id: callId, name }) => [
		{ event: { type: "tool.result", data: { turnId, callId, name, ok: false, output, truncated: false, durationMs: 0 } } },
		{
			event: {
				type: "turn.message",
				data: { turnId, message: { id: newId(), role: "tool", at, turnId, toolCallId: callId, name, ok: false, content: output } },
			},
		},
	]);
}
