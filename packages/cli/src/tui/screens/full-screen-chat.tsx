import type { ReactElement } from "react";
import type { Chat } from "../chat/chat.ts";
import { drawFullScreen, fullScreenLayout } from "../draw/draw-full-screen.ts";
import { scrollAnchor } from "../draw/stream-window.ts";
import type { Style } from "../text/style.ts";
import { DrawingView } from "./lines.tsx";
import { useChat } from "./use-chat.ts";

/** The chat over the whole terminal: sessions at the left, the stream, questions and panels over it, the prompt below. */
export function FullScreenChat({ chat, style }: { readonly chat: Chat; readonly style: Style }): ReactElement {
	const { state, screen } = useChat(chat, style, (lines, now, drawn) => {
		const { streamColumns, streamRows } = fullScreenLayout(now, drawn);
		const anchor = scrollAnchor(now, drawn, streamColumns, streamRows, lines);
		chat.store.update((before) => ({ ...before, anchor }));
	});
	return <DrawingView drawing={drawFullScreen(state, screen)} />;
}
