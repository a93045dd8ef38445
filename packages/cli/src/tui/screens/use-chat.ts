import { useApp, useInput, usePaste, useWindowSize } from "ink";
import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import type { Chat } from "../chat/chat.ts";
import { type ChatState, runningTurn } from "../chat/chat-state.ts";
import { withCompletion } from "../chat/complete.ts";
import { pressKey } from "../chat/press-key.ts";
import { readKeys } from "../chat/read-key.ts";
import { trackQuestion } from "../chat/shown-question.ts";
import { promptMargin } from "../draw/draw-prompt.ts";
import type { Screen } from "../draw/draw-state.ts";
import { paste } from "../editor/paste.ts";
import { type Highlight, loadHighlight, plainHighlight } from "../text/highlight.ts";
import type { Style } from "../text/style.ts";
import { stopProcess } from "./stop-process.ts";

const spinnerPauseMs = 100;

/** What both screens share: the state, the size of the terminal, and the keys. */
export function useChat(
	chat: Chat,
	style: Style,
	scroll: (lines: number, state: ChatState, screen: Screen) => void,
): { readonly state: ChatState; readonly screen: Screen } {
	const { store, place } = chat;
	const state = useSyncExternalStore(store.subscribe, store.get);
	const { exit, suspendTerminal } = useApp();
	const { columns, rows } = useWindowSize();
	const [highlight, setHighlight] = useState<{ readonly paint: Highlight }>({ paint: plainHighlight });
	const [nowMs, setNowMs] = useState(place.nowMs);
	const busy = runningTurn(state) !== undefined || state.sending;

	useEffect(() => {
		void loadHighlight().then((paint) => setHighlight({ paint }));
	}, []);
	useEffect(() => {
		store.update((now) => trackQuestion(now, place.nowMs()));
		if (!busy) {
			return;
		}
		setNowMs(place.nowMs());
		const timer = setInterval(() => setNowMs(place.nowMs()), spinnerPauseMs);
		return () => clearInterval(timer);
	}, [busy, store, place]);
	useEffect(() => {
		if (state.exit !== null) {
			exit(state.exit);
		}
	}, [state.exit, exit]);
	const asked = state.view.permissions[0]?.id;
	// biome-ignore lint/correctness/useExhaustiveDependencies: the question is what is waited for.
	useEffect(() => store.update((now) => trackQuestion(now, place.nowMs())), [asked, store, place]);

	const suspend = useCallback(() => void suspendTerminal(stopProcess), [suspendTerminal]);
	useEffect(() => {
		process.on("SIGTSTP", suspend);
		return () => {
			process.off("SIGTSTP", suspend);
		};
	}, [suspend]);

	const screen: Screen = { columns, rows, style, highlight: highlight.paint, nowMs };
	useInput((input, key) => {
		const keyScreen = {
			editorColumns: columns - promptMargin - 1,
			pageRows: Math.max(1, rows - 8),
			scroll: (lines: number) => scroll(lines, store.get(), screen),
			suspend,
		};
		for (const press of readKeys(input, key)) {
			pressKey(chat, press, keyScreen);
		}
	});
	usePaste((text) =>
		store.update((now) => (now.panel === null ? withCompletion({ ...now, editor: paste(now.editor, text), hint: null }) : now)),
	);
	return { state, screen };
}
