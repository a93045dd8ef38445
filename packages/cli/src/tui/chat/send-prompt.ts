import { randomUUID } from "node:crypto";
import type { Attachment } from "@opta/contracts/schema/daemon-message";
import { readMentions } from "../completion/read-mentions.ts";
import { edit } from "../editor/edit.ts";
import { emptyEditor } from "../editor/editor-state.ts";
import type { Chat } from "./chat.ts";
import { actualModel, chosenModel, runningTurn } from "./chat-state.ts";

/**
 * Sends a prompt: begins the session if there is none, takes mentioned files along. What cannot be sent comes back into the
 * editor, with the reason above it.
 */
export async function sendPrompt(chat: Chat, text: string, attachments: readonly Attachment[], mode: "queue" | "steer"): Promise<void> {
	const { store } = chat;
	const client = chat.client();
	if (client === null) {
		giveBack(chat, text);
		store.update((state) => ({ ...state, hint: "The daemon is not there yet. Your text is kept; send it again in a moment." }));
		return;
	}
	store.update((state) => ({ ...state, sending: true, hint: null, anchor: null }));
	const state = store.get();
	const model = { name: actualModel(state)?.id ?? chosenModel(state), vision: actualModel(state)?.vision ?? false };
	const mentioned = await readMentions(text, state.view.info?.metadata.workspace ?? state.workspace, model);
	mentioned.refused.forEach(chat.note);
	const sessionId = await chat.ensureSession();
	const busy = runningTurn(store.get()) !== undefined;
	const body = { content: text, attachments: [...attachments, ...mentioned.attachments], mode: busy ? mode : "queue" } as const;
	const accepted = sessionId === null ? null : await client.createTurn(sessionId, body, randomUUID());
	store.update((now) => ({ ...now, sending: false }));
	if (accepted === null) {
		giveBack(chat, text);
	} else if (!accepted.ok) {
		chat.problem("Not sent", accepted.error);
		giveBack(chat, text);
	}
}

function giveBack({ store }: Chat, text: string): void {
	store.update((state) => (state.editor.text === "" ? { ...state, editor: edit(emptyEditor, { type: "set", text }) } : state));
}

/** Stops the running turn and what waits behind it; waiting words of this terminal come back into the empty editor. */
export async function cancelTurns(chat: Chat): Promise<void> {
	const { store } = chat;
	const { sessionId, view, ownClientId } = store.get();
	const client = chat.client();
	if (client === null || sessionId === null) {
		return;
	}
	const own = view.turns.filter((turn) => turn.state === "queued" && turn.clientId === ownClientId).map((turn) => turn.content);
	store.update((state) => ({ ...state, hint: "Stopping…" }));
	const cancelled = await client.cancel(sessionId);
	store.update((state) => ({ ...state, hint: null }));
	if (!cancelled.ok) {
		chat.problem("Not stopped", cancelled.error);
	} else if (own.length > 0) {
		giveBack(chat, own.join("\n\n"));
	}
}
