"use client";

import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

const nearEndPx = 64;

interface ConversationScroll {
	readonly viewport: RefObject<HTMLElement | null>;
	readonly content: RefObject<HTMLDivElement | null>;
	/** False while something lies below what is seen. */
	readonly atEnd: boolean;
	/** Goes to the end and stays there as text arrives, until the reader scrolls up. */
	readonly followEnd: () => void;
}

/**
 * Scrolls a conversation as people read it. A new question goes to the top of the view, and its answer fills the room
 * below without moving anything: a fast model writes faster than anybody reads, and text below the fold costs no
 * painting. Who scrolls to the end follows it.
 *
 * @param turns how many questions there are; a change brings the last one into view.
 */
export function useConversationScroll(turns: number): ConversationScroll {
	const viewport = useRef<HTMLElement>(null);
	const content = useRef<HTMLDivElement>(null);
	const following = useRef(false);
	const placedAtPx = useRef(-1);
	const [atEnd, setAtEnd] = useState(true);

	const goToEnd = useCallback(() => {
		const view = viewport.current;
		if (view !== null) {
			view.scrollTo({ top: view.scrollHeight, behavior: "instant" });
			placedAtPx.current = view.scrollTop;
		}
	}, []);

	const followEnd = useCallback(() => {
		following.current = true;
		goToEnd();
	}, [goToEnd]);

	useLayoutEffect(() => {
		if (turns > 0) {
			following.current = false;
			goToEnd();
		}
	}, [turns, goToEnd]);

	useEffect(() => {
		const view = viewport.current;
		const inside = content.current;
		if (view === null || inside === null) {
			return;
		}
		function isAtEnd(): boolean {
			return view !== null && view.scrollHeight - view.scrollTop - view.clientHeight < nearEndPx;
		}
		function onScroll(): void {
			const byReader = view !== null && Math.abs(view.scrollTop - placedAtPx.current) > 1;
			if (byReader) {
				following.current = isAtEnd();
			}
			setAtEnd(isAtEnd());
		}
		const growth = new ResizeObserver(() => {
			if (following.current) {
				goToEnd();
			}
			setAtEnd(isAtEnd());
		});
		growth.observe(inside);
		growth.observe(view);
		view.addEventListener("scroll", onScroll, { passive: true });
		return () => {
			growth.disconnect();
			view.removeEventListener("scroll", onScroll);
		};
	}, [goToEnd]);

	return { viewport, content, atEnd, followEnd };
}
