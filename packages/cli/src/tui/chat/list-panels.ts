import type { PermissionScope } from "@opta/contracts/schema/daemon-permission";
import { plainLine, plainText } from "../text/plain-text.ts";
import { agoText, countText } from "../text/quantity.ts";
import { answerQuestion } from "./answer-question.ts";
import { changeSession } from "./change-session.ts";
import type { Chat } from "./chat.ts";
import { type ChatState, chosenModel } from "./chat-state.ts";
import type { Panel, PanelItem } from "./panel.ts";

type ListPanel = Extract<Panel, { kind: "list" }>;

const list = { kind: "list", query: "", selected: 0, filter: true, actions: {} } as const;

/** Opens a panel. */
export function openPanel(chat: Chat, panel: Panel): void {
	chat.store.update((state) => ({ ...state, panel, completion: null }));
}

/** Closes it. */
export function closePanel(chat: Chat): void {
	chat.store.update((state) => ({ ...state, panel: null }));
}

/** Sessions, last used first. */
export function sessionsPanel(chat: Chat, query = ""): ListPanel {
	const { place } = chat;
	return {
		...list,
		title: "Sessions",
		empty: "No session yet. Type a message to begin one.",
		query,
		items: (state) =>
			state.sessions.map((session) => ({
				id: session.id,
				label: plainLine(session.title) || "Untitled",
				note: sessionNote(session, place.nowMs()),
				current: session.id === state.sessionId,
			})),
		choose: (id) => {
			closePanel(chat);
			if (id !== chat.store.get().sessionId) {
				chat.open(id);
			}
		},
		actions: {
			"ctrl+n": { label: "new", run: () => chat.open(null) },
			"ctrl+d": { label: "to the trash", run: (id) => void trash(chat, id) },
		},
	};
}

/** What is told of a session in a list. */
export function sessionNote(session: ChatState["sessions"][number], nowMs: number): string {
	const state = session.waiting ? "waits for you · " : session.running ? "running · " : "";
	return `${state}${agoText(session.metadata.updatedAt, nowMs)} · ${countText(session.metadata.messageCount, "message")}`;
}

async function trash(chat: Chat, id: string): Promise<void> {
	const deleted = await chat.client()?.deleteSession(id);
	if (deleted !== undefined && !deleted.ok) {
		chat.problem("Not deleted", deleted.error);
		return;
	}
	if (id === chat.store.get().sessionId) {
		chat.open(null);
	}
	chat.note("The session is in the trash. `opta sessions restore` brings it back.");
	await chat.refresh();
}

/** Models with their states. */
export function modelsPanel(chat: Chat): ListPanel {
	const { loadModel } = chat.options;
	const load = async (id: string): Promise<void> => {
		chat.store.update((state) => ({ ...state, hint: `Loading ${id}…` }));
		const loaded = await loadModel?.(id);
		chat.store.update((state) => ({ ...state, hint: null }));
		if (loaded !== undefined && !loaded.ok) {
			chat.problem(`${id} was not loaded`, loaded.error);
		}
		await chat.refresh();
	};
	return {
		...list,
		title: "Model",
		empty: "No model answers. `opta connect` finds a host; `opta doctor` says what is wrong.",
		items: modelItems,
		choose: (id) => void setModel(chat, id),
		actions: loadModel === undefined ? {} : { "ctrl+l": { label: "load now", run: (id) => void load(id) } },
	};
}

function modelItems(state: ChatState): readonly PanelItem[] {
	const { models } = state;
	if (models === null) {
		return [];
	}
	const known = models.models.map((model) => ({
		id: model.id,
		label: model.id,
		note: [
			model.provider === "anthropic" ? "Anthropic, cloud" : (model.state ?? ""),
			model.vision ? "vision" : "",
			...(model.probe === null
				? []
				: [
						model.probe.contextTokens === null ? "" : `${Math.round(model.probe.contextTokens / 1024)}k context`,
						model.probe.tools === "none" ? "no tools" : "",
						model.probe.tokensPerSecond === null ? "" : `${Math.round(model.probe.tokensPerSecond)} tok/s`,
					]),
		]
			.filter((part) => part !== "")
			.join(" · "),
		current: chosenModel(state) === model.id,
	}));
	return [{ id: "auto", label: "auto", note: `now ${models.default}`, current: chosenModel(state) === "auto" }, ...known];
}

/** Chooses a model for the session, or for the one to come. */
export async function setModel(chat: Chat, model: string): Promise<void> {
	closePanel(chat);
	if (await changeSession(chat, { model }, "The model was not changed")) {
		chat.store.update((state) => ({ ...state, model, hint: `Model: ${model}` }));
	}
}

/** Waiting questions of all sessions. */
export function inboxPanel(chat: Chat): ListPanel {
	const answer = (decision: "allow" | "deny", scope: PermissionScope) => (id: string) => {
		const asked = chat.store.get().waiting.find((entry) => entry.id === id);
		if (asked === undefined || (decision === "allow" && !asked.scopes.includes(scope))) {
			return;
		}
		void answerQuestion(chat, asked, { decision, scope });
	};
	return {
		...list,
		filter: false,
		title: "Waiting for an answer",
		empty: "Nothing waits for an answer in any session.",
		items: (state) =>
			state.waiting.map((asked) => ({
				id: asked.id,
				label: plainLine(asked.title),
				note: plainLine(state.sessions.find((session) => session.id === asked.sessionId)?.title ?? ""),
				detail: plainText(asked.detail ?? ""),
			})),
		choose: (id) => {
			const asked = chat.store.get().waiting.find((entry) => entry.id === id);
			closePanel(chat);
			if (asked !== undefined && asked.sessionId !== chat.store.get().sessionId) {
				chat.open(asked.sessionId);
			}
		},
		actions: {
			a: { label: "once", run: answer("allow", "once") },
			s: { label: "session", run: answer("allow", "session") },
			p: { label: "project", run: answer("allow", "project") },
			d: { label: "deny", run: answer("deny", "once") },
		},
	};
}
