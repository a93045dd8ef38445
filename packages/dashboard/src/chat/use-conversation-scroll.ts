"use client";

import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

const nearEndPx = 64;
/** Room above a turn that stands at the top; the list has the same above its first one. */
const roomAbovePx = 24;
/** A scroll so soon after the reader's hand was on it is the reader's; others come of the layout. */
const handMs = 400;

/** `place`: the last turn stands at the top of the view. `follow`: the view stays at the end. `free`: the reader scrolls. */
type Mode = "place" | "follow" | "free";

interface ConversationScroll {
	readonly viewport: RefObject<HTMLElement | null>;
	readonly content: RefObject<HTMLOListElement | null>;
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
	const content = useRef<HTMLOListElement>(null);
	const mode = useRef<Mode>("place");
	const [atEnd, setAtEnd] = useState(true);

	const settle = useCallback(() => {
		const view = viewport.current;
		const last = content.current?.lastElementChild;
		if (view === null || last == null) {
			setAtEnd(true);
			return;
		}
		if (mode.current !== "free") {
			const turnTop = view.scrollTop + last.getBoundingClientRect().top - view.getBoundingClientRect().top;
			view.scrollTo({ top: mode.current === "place" ? turnTop - roomAbovePx : view.scrollHeight, behavior: "instant" });
		}
		setAtEnd(view.scrollHeight - view.scrollTop - view.clientHeight < nearEndPx);
	}, []);

	const followEnd = useCallback(() => {
		mode.current = "follow";
		settle();
	}, [settle]);

	useLayoutEffect(() => {
		if (turns > 0) {
			mode.current = "place";
			settle();
		}
	}, [turns, settle]);

	useEffect(() => {
		const view = viewport.current;
		const list = content.current;
		if (view === null || list === null) {
			return;
		}
		let handAtMs = Number.NEGATIVE_INFINITY;
		function onHand(): void {
			handAtMs = performance.now();
		}
		function onScroll(): void {
			const end = view !== null && view.scrollHeight - view.scrollTop - view.clientHeight < nearEndPx;
			if (performance.now() - handAtMs < handMs) {
				onHand();
				mode.current = end ? "follow" : "free";
			}
			setAtEnd(end);
		}
		const growth = new ResizeObserver(settle);
		growth.observe(list);
		growth.observe(view);
		view.addEventListener("scroll", onScroll, { passive: true });
		const hands = ["wheel", "touchmove", "pointerdown", "keydown"] as const;
		for (const hand of hands) {
			view.addEventListener(hand, onHand, { passive: true });
		}
		return () => {
			growth.disconnect();
			view.removeEventListener("scroll", onScroll);
			for (const hand of hands) {
				view.removeEventListener(hand, onHand);
			}
		};
	}, [settle]);

	return { viewport, content, atEnd, followEnd };
}
