import { randomUUID } from "node:crypto";
import type { Attachment } from "@opta/contracts/schema/daemon-message";
import type { CreateTurn, TurnAccepted } from "@opta/contracts/schema/daemon-session";
import type { HostResult } from "@opta/host-client/host-error";
import { readMentions } from "../completion/read-mentions.ts";
import { edit } from "../editor/edit.ts";
import { type EditorState, emptyEditor } from "../editor/editor-state.ts";
import { noDaemonYet } from "./change-session.ts";
import type { Chat } from "./chat.ts";
import { actualModel, chosenModel, runningTurn } from "./chat-state.ts";
import { giveBack } from "./give-back.ts";

/** What is to be sent, and the editor as it was, for the case that it cannot be. */
export interface Draft {
	readonly text: string;
	readonly attachments: readonly Attachment[];
	readonly editor: EditorState;
}

/**
 * Sends a prompt: begins the session if there is none, takes mentioned files along. What cannot be sent comes back into the
 * editor, with the reason above it.
 */
export async function sendPrompt(chat: Chat, draft: Draft, mode: "queue" | "steer"): Promise<void> {
	const { text, attachments } = draft;
	const { store } = chat;
	store.update((state) => ({ ...state, sending: true, hint: null, anchor: null }));
	await chat.connected;
	const client = chat.client();
	if (client === null) {
		giveBack(chat, draft.editor);
		store.update((state) => ({ ...state, sending: false, hint: "Not sent: there is no daemon. Your text is kept." }));
		return;
	}
	const state = store.get();
	const model = { name: actualModel(state)?.id ?? chosenModel(state), vision: actualModel(state)?.vision ?? false };
	const mentioned = await readMentions(text, state.view.info?.metadata.workspace ?? state.workspace, model);
	mentioned.refused.forEach(chat.note);
	const sessionId = await chat.ensureSession();
	const busy = runningTurn(store.get()) !== undefined;
	const body = { content: text, attachments: [...attachments, ...mentioned.attachments], mode: busy ? mode : ("queue" as const) };
	const accepted = sessionId === null ? null : await createTurn(chat, sessionId, body);
	store.update((now) => ({ ...now, sending: false }));
	if (accepted === null) {
		giveBack(chat, draft.editor);
	} else if (!accepted.ok) {
		chat.problem("Not sent", accepted.error);
		giveBack(chat, draft.editor);
	}
}

/** Sends the turn; where the daemon is another one by now, finds that and sends it there, once: the key tells a repeat. */
async function createTurn(chat: Chat, sessionId: string, body: CreateTurn): Promise<HostResult<TurnAccepted> | null> {
	const key = randomUUID();
	const first = (await chat.client()?.createTurn(sessionId, body, key)) ?? null;
	const gone = first !== null && !first.ok && ["offline", "interrupted", "unauthenticated"].includes(first.error.code);
	return gone && (await chat.reconnect()) ? ((await chat.client()?.createTurn(sessionId, body, key)) ?? first) : first;
}

/** Stops the running turn and what waits behind it; waiting words of this terminal come back into the empty editor. */
export async function cancelTurns(chat: Chat): Promise<void> {
	const { store } = chat;
	const { sessionId, view, ownClientId } = store.get();
	const client = chat.client();
	if (client === null || sessionId === null) {
		chat.note(`Not stopped. ${noDaemonYet}`);
		return;
	}
	const own = view.turns.filter((turn) => turn.state === "queued" && turn.clientId === ownClientId).map((turn) => turn.content);
	store.update((state) => ({ ...state, hint: "Stopping…" }));
	const cancelled = await client.cancel(sessionId);
	store.update((state) => ({ ...state, hint: null }));
	if (!cancelled.ok) {
		chat.problem("Not stopped", cancelled.error);
	} else if (own.length > 0) {
		giveBack(chat, edit(emptyEditor, { type: "set", text: own.join("\n\n") }));
	}
}
