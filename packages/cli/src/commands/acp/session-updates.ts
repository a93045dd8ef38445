import type { SessionUpdate, StopReason, ToolKind } from "@agentclientprotocol/sdk";
import type { Message } from "@opta/contracts/schema/daemon-message";
import type { TurnEndEvent, TurnEvent } from "../do/follow-turn.ts";

const kinds: readonly (readonly [RegExp, ToolKind])[] = [
	[/^(read_file|list_dir|memory_read|todo_read|git_(status|diff|log)|command_output)$/, "read"],
	[/^(glob|grep|lsp_)/, "search"],
	[/^(write_file|edit_file|multi_edit|apply_patch|memory_write)$/, "edit"],
	[/^(run_command|command_kill|git_commit)$/, "execute"],
	[/^(web_fetch|browser_)/, "fetch"],
	[/^(todo_write|sub_agent)$/, "think"],
];

/** What editors call a tool's kind. */
export function toolKind(name: string): ToolKind {
	return kinds.find(([pattern]) => pattern.test(name))?.[1] ?? "other";
}

const text = (content: string) => ({ type: "text", text: content }) as const;

/** A stored message, for an editor that opens a session. */
export function replayMessage(message: Message): SessionUpdate[] {
	if (message.role === "tool") {
		return [
			{
				sessionUpdate: "tool_call_update",
				toolCallId: message.toolCallId ?? message.id,
				status: message.ok === false ? "failed" : "completed",
				content: [{ type: "content", content: text(message.content) }],
			},
		];
	}
	const chunk = message.role === "user" ? "user_message_chunk" : "agent_message_chunk";
	return [
		...(message.content === "" ? [] : [{ sessionUpdate: chunk, content: text(message.content) } as const]),
		...(message.toolCalls ?? []).map(({ id, name, arguments: input }): SessionUpdate => {
			return { sessionUpdate: "tool_call", toolCallId: id, title: name, kind: toolKind(name), status: "pending", rawInput: input };
		}),
	];
}

/** Makes an editor's updates of a turn's events. Text that was not heard as it was written is sent when its message is there. */
export function createUpdates(): (event: TurnEvent) => SessionUpdate[] {
	const sent = new Map<string, number>();
	return (event) => {
		switch (event.type) {
			case "turn.token": {
				const { messageId, channel, offset, text: piece } = event.data;
				if (channel === "reasoning") {
					return [{ sessionUpdate: "agent_thought_chunk", content: text(piece) }];
				}
				const known = sent.get(messageId) ?? 0;
				if (offset > known || offset + piece.length <= known) {
					return [];
				}
				sent.set(messageId, offset + piece.length);
				return [{ sessionUpdate: "agent_message_chunk", content: text(piece.slice(known - offset)) }];
			}
			case "turn.message": {
				const { id, role, content } = event.data.message;
				const rest = content.slice(sent.get(id) ?? 0);
				return role === "assistant" && rest !== "" ? [{ sessionUpdate: "agent_message_chunk", content: text(rest) }] : [];
			}
			case "tool.start": {
				const { callId, name, title, arguments: input } = event.data;
				return [{ sessionUpdate: "tool_call", toolCallId: callId, title, kind: toolKind(name), status: "in_progress", rawInput: input }];
			}
			case "tool.result": {
				const { callId, ok, output, diff } = event.data;
				return [
					{
						sessionUpdate: "tool_call_update",
						toolCallId: callId,
						status: ok ? "completed" : "failed",
						content: [output, diff].filter((part) => part !== undefined).map((part) => ({ type: "content", content: text(part) }) as const),
					},
				];
			}
			default:
				return [];
		}
	};
}

/** Why a turn ended, as editors call it; null for a failure. */
export function stopReason(end: TurnEndEvent): StopReason | null {
	if (end.type === "turn.error") {
		return null;
	}
	const reasons = {
		stop: "end_turn",
		joined: "end_turn",
		length: "max_tokens",
		step_limit: "max_turn_requests",
		cancelled: "cancelled",
	} as const;
	return reasons[end.data.reason];
}
