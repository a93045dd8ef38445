import { edit } from "../editor/edit.ts";
import { emptyEditor } from "../editor/editor-state.ts";
import { plainLine } from "../text/plain-text.ts";
import { agoText, countText } from "../text/quantity.ts";
import { noDaemonYet } from "./change-session.ts";
import type { Chat } from "./chat.ts";
import type { ChatState } from "./chat-state.ts";
import { giveBack } from "./give-back.ts";
import { closePanel, openPanel } from "./list-panels.ts";
import type { Panel } from "./panel.ts";

type RewindPart = "both" | "conversation" | "files";

/** The person's messages, newest first: to before which one to go back. */
export function rewindPanel(chat: Chat): Panel {
	return {
		kind: "list",
		title: "Back to before",
		empty: "Nothing was sent yet.",
		query: "",
		selected: 0,
		filter: true,
		items: (state) =>
			prompts(state)
				.toReversed()
				.map((message) => ({ id: message.id, label: plainLine(message.content), note: agoText(message.at, chat.place.nowMs()) })),
		choose: (id) => openPanel(chat, rewindPartPanel(chat, id)),
		actions: {},
	};
}

function prompts(state: ChatState) {
	return state.view.entries.flatMap((entry) => (entry.kind === "message" && entry.message.role === "user" ? [entry.message] : []));
}

function rewindPartPanel(chat: Chat, messageId: string): Panel {
	return {
		kind: "list",
		title: "What goes back",
		empty: "",
		query: "",
		selected: 0,
		filter: false,
		items: () => [
			{ id: "both", label: "Conversation and files", note: "as before the message" },
			{ id: "conversation", label: "Conversation only", note: "files stay as they are" },
			{ id: "files", label: "Files only", note: "the conversation stays" },
		],
		choose: (part) => void rewind(chat, messageId, part === "files" || part === "conversation" ? part : "both"),
		actions: {},
	};
}

async function rewind(chat: Chat, messageId: string, what: RewindPart): Promise<void> {
	closePanel(chat);
	const { sessionId } = chat.store.get();
	const client = chat.client();
	const message = prompts(chat.store.get()).find((entry) => entry.id === messageId);
	if (client === null) {
		chat.note(`Not gone back. ${noDaemonYet}`);
		return;
	}
	if (sessionId === null || message === undefined) {
		chat.note("Not gone back: that message is no part of the conversation any more.");
		return;
	}
	const result = await client.rewindSession(sessionId, { messageId, what });
	if (!result.ok) {
		chat.problem("Not gone back", result.error);
		return;
	}
	const { restoredFiles, removedMessages, skipped } = result.value;
	const parts = [
		removedMessages > 0 ? `${countText(removedMessages, "message")} removed` : "",
		restoredFiles.length > 0 ? `${countText(restoredFiles.length, "file")} restored: ${restoredFiles.join(", ")}` : "",
		...skipped.map((file) => `${file.path} left alone: ${file.reason}`),
	].filter((part) => part !== "");
	chat.note(`Back to before “${plainLine(message.content).slice(0, 60)}”. ${parts.join(". ")}`);
	if (what !== "files") {
		giveBack(chat, edit(emptyEditor, { type: "set", text: message.content }));
	}
}
