import { exitCodes } from "@opta/contracts/daemon-protocol";
import { edit } from "../editor/edit.ts";
import { emptyEditor } from "../editor/editor-state.ts";
import { searchHistory } from "../editor/prompt-history.ts";
import { plainText } from "../text/plain-text.ts";
import { answerQuestion } from "./answer-question.ts";
import type { Chat } from "./chat.ts";
import { type ChatState, runningTurn } from "./chat-state.ts";
import { acceptCompletion, moveCompletion, withCompletion } from "./complete.ts";
import { helpText } from "./help-text.ts";
import { closePanel, inboxPanel, openPanel, sessionsPanel } from "./list-panels.ts";
import { pressEditorKey } from "./press-editor-key.ts";
import { pressPanelKey } from "./press-panel-key.ts";
import type { KeyPress } from "./read-key.ts";
import { rewindPanel } from "./rewind-panel.ts";
import { cancelTurns } from "./send-prompt.ts";
import { nextMode } from "./settings-panel.ts";
import { answersByKey, shownQuestion } from "./shown-question.ts";
import { submit } from "./submit.ts";

/** What a key needs to know of the screen. */
export interface KeyScreen {
	/** Width of the prompt's text. */
	readonly editorColumns: number;
	/** Lines that one page has. */
	readonly pageRows: number;
	/** Scrolls the transcript by lines, down where positive. */
	readonly scroll: (lines: number) => void;
	/** Hands the terminal back to the shell until the program is continued. */
	readonly suspend: () => void;
}

/** Two presses within this time count as one. */
const doublePressMs = 800;

/** Does what a key means now: for the panel that is open, for the question that is shown, or for the prompt. */
export function pressKey(chat: Chat, press: KeyPress, screen: KeyScreen): void {
	const { store } = chat;
	const state = store.get();
	if (press.kind === "key" && press.name === "ctrl+z") {
		screen.suspend();
	} else if (state.panel !== null) {
		pressPanelKey(chat, state.panel, press, screen.pageRows);
	} else if (press.kind === "text") {
		pressText(chat, press.text);
	} else if (!pressChoiceKey(chat, press.name) && !pressChatKey(chat, press.name, screen)) {
		store.update((now) => withCompletion(pressEditorKey(now, press.name, screen.editorColumns) ?? now));
	}
}

function pressText(chat: Chat, text: string): void {
	const { store } = chat;
	if (answersByKey(store.get(), chat.place.nowMs()) && answerByLetter(chat, text)) {
		return;
	}
	if (text === "?" && store.get().editor.text === "" && chat.options.fullScreen) {
		openPanel(chat, { kind: "text", title: "Help", text: helpText(store.get()), scroll: 0 });
		return;
	}
	store.update((state) => withCompletion({ ...state, editor: edit(state.editor, { type: "insert", text: plainText(text) }), hint: null }));
}

function answerByLetter(chat: Chat, letter: string): boolean {
	const asked = shownQuestion(chat.store.get());
	const scope = ({ a: "once", s: "session", p: "project" } as const)[letter];
	if (asked === undefined) {
		return false;
	}
	if (letter === "d") {
		void answerQuestion(chat, asked, { decision: "deny" });
		return true;
	}
	if (scope !== undefined && asked.scopes.includes(scope)) {
		void answerQuestion(chat, asked, { decision: "allow", scope });
		return true;
	}
	return false;
}

/** Keys of the list of choices below the prompt. */
function pressChoiceKey({ store }: Chat, name: string): boolean {
	const { completion } = store.get();
	if (completion === null) {
		return false;
	}
	if (name === "up" || name === "down") {
		store.update((state) => moveCompletion(state, name === "up" ? -1 : 1));
		return true;
	}
	if (name === "escape") {
		store.update((state) => ({ ...state, completion: null }));
		return true;
	}
	const chosen = completion.items[completion.selected]?.text.trimEnd();
	const whole = completion.target.kind === "command" && store.get().editor.text === chosen;
	if (name === "tab" || (name === "enter" && !whole)) {
		store.update((state) => withCompletion(acceptCompletion(state)));
		return true;
	}
	return false;
}

function pressChatKey(chat: Chat, name: string, screen: KeyScreen): boolean {
	const { store } = chat;
	const toggle = (change: (state: ChatState) => Partial<ChatState>): void => store.update((state) => ({ ...state, ...change(state) }));
	const actions: Readonly<Record<string, () => void>> = {
		enter: () => void submit(chat, store.get().busyMode),
		"ctrl+enter": () => void submit(chat, "steer"),
		escape: () => pressEscape(chat),
		"alt+escape": () => pressEscape(chat, true),
		"ctrl+c": () => pressInterrupt(chat),
		"ctrl+d": () =>
			store.get().editor.text === ""
				? chat.leave(exitCodes.ok)
				: toggle((state) => ({ editor: edit(state.editor, { type: "erase", what: "right" }) })),
		"shift+tab": () => void nextMode(chat),
		"ctrl+s": () =>
			toggle((state) => {
				const busyMode = state.busyMode === "queue" ? "steer" : "queue";
				return { busyMode, hint: busyMode === "queue" ? "Enter queues: after this turn" : "Enter steers: joins the running turn" };
			}),
		"ctrl+t": () => toggle((state) => ({ showReasoning: !state.showReasoning })),
		"ctrl+o": () => toggle((state) => ({ showOutput: !state.showOutput })),
		"ctrl+r": () => openPanel(chat, historyPanel(chat)),
		"ctrl+g": () => openPanel(chat, sessionsPanel(chat)),
		"ctrl+x": () => openPanel(chat, inboxPanel(chat)),
		pageup: () => screen.scroll(-screen.pageRows),
		pagedown: () => screen.scroll(screen.pageRows),
		"shift+up": () => screen.scroll(-1),
		"shift+down": () => screen.scroll(1),
		...(chat.options.fullScreen && store.get().editor.text === ""
			? { "ctrl+b": () => toggle((state) => ({ showSessions: !state.showSessions })) }
			: {}),
	};
	const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
	action?.();
	return action !== undefined;
}

/** Stops what runs; pressed twice with nothing running and nothing written, goes back to an earlier message. */
function pressEscape(chat: Chat, twice = false): void {
	const { store, place } = chat;
	const state = store.get();
	const nowMs = place.nowMs();
	if (chat.shells.size > 0) {
		for (const shell of chat.shells) {
			shell.abort();
		}
	} else if (runningTurn(state) !== undefined) {
		void cancelTurns(chat);
	} else if (state.editor.text === "" && (twice || nowMs - state.lastEscapeMs < doublePressMs)) {
		openPanel(chat, rewindPanel(chat));
	} else {
		store.update((now) => ({ ...now, lastEscapeMs: nowMs, anchor: null }));
	}
}

/** Clears what is written; on an empty prompt, pressed twice, leaves. */
function pressInterrupt(chat: Chat): void {
	const { store, place } = chat;
	const nowMs = place.nowMs();
	if (store.get().editor.text !== "") {
		store.update((state) => ({ ...state, editor: edit(state.editor, { type: "set", text: "" }), completion: null }));
	} else if (nowMs - store.get().lastInterruptMs < doublePressMs) {
		chat.leave(exitCodes.ok);
	} else {
		store.update((state) => ({ ...state, lastInterruptMs: nowMs, hint: "Ctrl-C once more to leave. The session and its turns go on." }));
	}
}

function historyPanel(chat: Chat): Extract<ChatState["panel"], { kind: "list" }> {
	return {
		kind: "list",
		title: "Earlier prompts",
		empty: "Nothing was written yet.",
		query: "",
		selected: 0,
		filter: true,
		items: (state) =>
			searchHistory(state.history.entries, "").map((entry) => ({ id: entry, label: plainText(entry).replaceAll("\n", " "), note: "" })),
		choose: (id) => {
			closePanel(chat);
			chat.store.update((state) => ({ ...state, editor: edit({ ...emptyEditor, kills: state.editor.kills }, { type: "set", text: id }) }));
		},
		actions: {},
	};
}
