import { Static, useStdout } from "ink";
import { type ReactElement, useEffect, useMemo, useRef } from "react";
import { advancePrint, emptyPrintQueue, type PrintedItem } from "../blocks/print-queue.ts";
import type { Chat } from "../chat/chat.ts";
import { shownBlocks } from "../chat/local-blocks.ts";
import { drawInline } from "../draw/draw-inline.ts";
import { blockLook } from "../draw/draw-state.ts";
import type { Style } from "../text/style.ts";
import { DrawingView, Lines } from "./lines.tsx";
import { useChat } from "./use-chat.ts";

/** Erases the screen (not what has scrolled away) and puts the cursor at its top: on `/clear` only. */
const eraseScreen = "\u001B[H\u001B[2J";

/** The chat below the shell's prompt: finished blocks are printed once and belong to the terminal; only the end is drawn again. */
export function InlineChat({ chat, style }: { readonly chat: Chat; readonly style: Style }): ReactElement {
	const { state, screen } = useChat(chat, style, () => undefined);
	const { write } = useStdout();
	const print = useRef({ opened: 0, queue: emptyPrintQueue, items: [] as readonly PrintedItem[] });
	const { opened, clears } = state;
	useEffect(() => {
		if (clears > 0) {
			write(eraseScreen);
		}
	}, [clears, write]);

	const { items, live } = useMemo(() => {
		if (print.current.opened !== opened) {
			const rule = { key: `opened:${opened}`, lines: [style.dim("─".repeat(24)), ""] };
			print.current = { opened, queue: emptyPrintQueue, items: [...print.current.items, rule] };
		}
		const blocks = shownBlocks(state);
		const step = advancePrint(print.current.queue, blocks, blockLook(state, screen, screen.columns));
		const all = step.items.length === 0 ? print.current.items : [...print.current.items, ...step.items];
		print.current = { opened, queue: step.queue, items: all };
		return { items: all, live: step.live };
	}, [state, screen, opened, style]);

	return (
		<>
			<Static items={[...items]}>{(item) => <Lines key={item.key} lines={item.lines} />}</Static>
			<DrawingView drawing={drawInline(state, live, screen)} />
		</>
	);
}
