import type { Attachment, Message } from "@opta/contracts/schema/daemon-message";
import type { PermissionResolution } from "@opta/contracts/schema/daemon-permission";
import type { LiveChannel } from "./live-message.ts";
import type { Entry, SessionView } from "./session-view.ts";
import type { ToolRun } from "./tool-run.ts";

/** One piece of what is shown, in order. `settled` ones never change again. */
export type Block =
	| {
			readonly kind: "user";
			readonly id: string;
			readonly settled: boolean;
			readonly text: string;
			readonly attachments: readonly Attachment[];
			/** UUID of the client that sent it. */
			readonly clientId: string | null;
	  }
	| { readonly kind: "reasoning"; readonly id: string; readonly settled: boolean; readonly text: string; readonly base: number }
	| { readonly kind: "text"; readonly id: string; readonly settled: boolean; readonly text: string; readonly base: number }
	| {
			readonly kind: "tool";
			readonly id: string;
			readonly settled: boolean;
			readonly run: ToolRun;
			readonly decision: PermissionResolution | null;
	  }
	| { readonly kind: "error"; readonly id: string; readonly settled: boolean; readonly title: string; readonly text: string }
	| { readonly kind: "done"; readonly id: string; readonly settled: boolean; readonly done: Extract<Entry, { kind: "done" }> }
	/** A unified diff. */
	| { readonly kind: "diff"; readonly id: string; readonly settled: boolean; readonly text: string }
	| { readonly kind: "note"; readonly id: string; readonly settled: boolean; readonly text: string };

const blocksOfMessage = new WeakMap<Message, readonly Block[]>();

/** What a view shows, in order. The same objects for the same stored messages, so that what was drawn of them can be kept. */
export function transcript(view: SessionView): readonly Block[] {
	const named = new Set<string>();
	for (const entry of view.entries) {
		for (const call of entry.kind === "message" ? (entry.message.toolCalls ?? []) : []) {
			named.add(call.id);
		}
	}
	const blocks = view.entries.flatMap((entry, index) => entryBlocks(view, entry, index, named));
	return view.live === null ? blocks : [...blocks, ...liveBlocks(view.live)];
}

function entryBlocks(view: SessionView, entry: Entry, index: number, named: ReadonlySet<string>): readonly Block[] {
	switch (entry.kind) {
		case "message":
			return [...messageBlocks(entry.message), ...(entry.message.toolCalls ?? []).flatMap((call) => toolBlock(view, call.id))];
		case "call":
			return named.has(entry.callId) ? [] : toolBlock(view, entry.callId);
		case "error":
			return [
				{
					kind: "error",
					id: `error:${entry.turnId}`,
					settled: true,
					title: entry.interrupted ? "Interrupted" : "Stopped by an error",
					text: entry.message,
				},
			];
		case "done":
			return [{ kind: "done", id: `done:${entry.turnId}`, settled: true, done: entry }];
		case "compacted":
			return [
				{
					kind: "note",
					id: `compacted:${entry.at}:${index}`,
					settled: true,
					text: "Older messages were summarised for the model. All of them are kept here.",
				},
			];
	}
}

function messageBlocks(message: Message): readonly Block[] {
	const kept = blocksOfMessage.get(message);
	if (kept !== undefined) {
		return kept;
	}
	const blocks = message.role === "user" ? [userBlock(message)] : message.role === "assistant" ? assistantBlocks(message) : [];
	blocksOfMessage.set(message, blocks);
	return blocks;
}

function userBlock(message: Message): Block {
	const { id, content: text, attachments = [], clientId = null } = message;
	return { kind: "user", id, settled: true, text, attachments, clientId };
}

function assistantBlocks(message: Message): readonly Block[] {
	return [
		...(message.reasoning
			? [{ kind: "reasoning" as const, id: `${message.id}:reasoning`, settled: true, text: message.reasoning, base: 0 }]
			: []),
		...(message.content ? [{ kind: "text" as const, id: `${message.id}:text`, settled: true, text: message.content, base: 0 }] : []),
	];
}

function toolBlock(view: SessionView, callId: string): readonly Block[] {
	const run = view.runs[callId];
	return run === undefined
		? []
		: [{ kind: "tool", id: `call:${callId}`, settled: run.state !== "running", run, decision: view.decisions[callId] ?? null }];
}

function liveBlocks(live: NonNullable<SessionView["live"]>): readonly Block[] {
	return [...channelBlock("reasoning", live.messageId, live.reasoning, false), ...channelBlock("text", live.messageId, live.text, false)];
}

function channelBlock(kind: "reasoning" | "text", messageId: string, channel: LiveChannel, settled: boolean): readonly Block[] {
	return channel.text === "" ? [] : [{ kind, id: `${messageId}:${kind}`, settled, text: channel.text, base: channel.base }];
}
