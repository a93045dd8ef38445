import type { HostClient } from "@opta/host-client/host-client";
import {
	type Conversation,
	emptyConversation,
	requestMessages,
	withLastAnswer,
	withoutLastAnswer,
	withQuestion,
	withRunningAnswer,
} from "./conversation.ts";
import type { ChatKeeper } from "./kept-chat.ts";
import { receiveAnswer } from "./receive-answer.ts";

/** What the page shows, the text of a running answer apart. */
export interface ChatState {
	readonly conversation: Conversation;
	readonly running: boolean;
	/** False until what was kept over a reload has been read. */
	readonly restored: boolean;
	/** False when the browser refuses to keep the conversation over a reload. */
	readonly kept: boolean;
	/** The conversation that was put away last, as long as nothing new was asked. */
	readonly putAway: Conversation | null;
}

/** What a session needs of its page. */
export interface ChatSessionOptions {
	readonly client: HostClient;
	readonly keeper: ChatKeeper;
	/** Runs the callback before the next paint. */
	readonly beforePaint: (callback: () => void) => void;
}

/**
 * One conversation with a host. Settled entries and the running answer's text are told apart, so that a page paints
 * one piece of text while tokens arrive, not the whole conversation.
 */
export interface ChatSession {
	getState(): ChatState;
	subscribe(listener: () => void): () => void;
	/** Text of the running answer; empty when none runs. */
	getLiveText(): string;
	subscribeLiveText(listener: () => void): () => void;
	/** Reads what was kept and returns the unsent text. */
	restore(): string;
	/** Keeps the conversation, with the text in the composer that was not sent. */
	keep(draft: string): void;
	/** Asks a question. Returns false, and takes nothing, while an answer runs or when the text is blank. */
	ask(text: string, model: string): boolean;
	/** Asks the last question again, in place of its answer. */
	answerAgain(model: string): void;
	stop(): void;
	/** Puts the conversation away and begins another, with the same model and system prompt. */
	startOver(): void;
	/** Takes the conversation back that was put away last. */
	bringBack(): void;
	configure(change: Partial<Pick<Conversation, "model" | "systemPrompt">>): void;
}

/** A conversation that has not begun. */
export function createChatSession({ client, keeper, beforePaint }: ChatSessionOptions): ChatSession {
	const stateListeners = new Set<() => void>();
	const textListeners = new Set<() => void>();
	let state: ChatState = { conversation: emptyConversation, running: false, restored: false, kept: true, putAway: null };
	let liveText = "";
	let paintPending = false;
	let running: AbortController | null = null;
	let draft = "";

	function update(change: Partial<ChatState>): void {
		state = { ...state, ...change };
		notify(stateListeners);
	}

	function updateAndKeep(change: Partial<ChatState>): void {
		state = { ...state, ...change };
		const conversation = state.running ? withLastAnswer(state.conversation, { text: liveText }) : state.conversation;
		update({ kept: keeper.write({ conversation, draft }) });
	}

	function showText(text: string): void {
		liveText = text;
		if (!paintPending) {
			paintPending = true;
			beforePaint(() => {
				paintPending = false;
				notify(textListeners);
			});
		}
	}

	async function answer(conversation: Conversation, model: string): Promise<void> {
		const run = new AbortController();
		running = run;
		liveText = "";
		updateAndKeep({ conversation: withRunningAnswer(conversation, model), running: true, putAway: null });
		const request = { model, messages: requestMessages(conversation) };
		const outcome = await receiveAnswer(client, request, {
			signal: run.signal,
			onText: (text) => running === run && showText(text),
		});
		if (running === run) {
			running = null;
			updateAndKeep({ conversation: withLastAnswer(state.conversation, outcome), running: false });
			liveText = "";
		}
	}

	return {
		getState: () => state,
		subscribe: (listener) => listen(stateListeners, listener),
		getLiveText: () => liveText,
		subscribeLiveText: (listener) => listen(textListeners, listener),
		restore() {
			if (!state.restored) {
				const chat = keeper.read();
				draft = chat?.draft ?? "";
				update({ restored: true, conversation: chat?.conversation ?? state.conversation });
			}
			return draft;
		},
		keep(unsent) {
			draft = unsent;
			updateAndKeep({});
		},
		ask(text, model) {
			if (state.running || text.trim() === "") {
				return false;
			}
			draft = "";
			answer(withQuestion(state.conversation, text.trim()), model);
			return true;
		},
		answerAgain(model) {
			if (!state.running && state.conversation.entries.length > 0) {
				answer(withoutLastAnswer(state.conversation), model);
			}
		},
		stop: () => running?.abort(),
		startOver() {
			const putAway = state.running ? withLastAnswer(state.conversation, { text: liveText, state: "stopped" }) : state.conversation;
			running?.abort();
			running = null;
			updateAndKeep({ conversation: { ...state.conversation, entries: [] }, running: false, putAway });
		},
		bringBack() {
			if (state.putAway !== null) {
				updateAndKeep({ conversation: state.putAway, putAway: null });
			}
		},
		configure(change) {
			updateAndKeep({ conversation: { ...state.conversation, ...change } });
		},
	};
}

function notify(listeners: ReadonlySet<() => void>): void {
	for (const listener of listeners) {
		listener();
	}
}

function listen(listeners: Set<() => void>, listener: () => void): () => void {
	listeners.add(listener);
	return () => {
		listeners.delete(listener);
	};
}
