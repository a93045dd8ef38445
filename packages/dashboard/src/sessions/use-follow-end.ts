"use client";

import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

const nearEndPx = 64;

interface FollowEnd {
	readonly viewport: RefObject<HTMLElement | null>;
	readonly content: RefObject<HTMLDivElement | null>;
	/** False while something lies below what is seen. */
	readonly atEnd: boolean;
	/** Goes to the end and stays there. */
	readonly followEnd: () => void;
}

/** Keeps the end of growing content in view until the reader scrolls up, and again once they are back at the end. */
export function useFollowEnd(): FollowEnd {
	const viewport = useRef<HTMLElement>(null);
	const content = useRef<HTMLDivElement>(null);
	const follows = useRef(true);
	const lastTop = useRef(0);
	const [atEnd, setAtEnd] = useState(true);

	const settle = useCallback(() => {
		const view = viewport.current;
		if (view !== null && follows.current) {
			view.scrollTo({ top: view.scrollHeight, behavior: "instant" });
			lastTop.current = view.scrollTop;
			setAtEnd(true);
		}
	}, []);

	const followEnd = useCallback(() => {
		follows.current = true;
		settle();
	}, [settle]);

	useLayoutEffect(settle, [settle]);

	useEffect(() => {
		const view = viewport.current;
		const list = content.current;
		if (view === null || list === null) {
			return;
		}
		function onScroll(): void {
			if (view === null) {
				return;
			}
			const isAtEnd = view.scrollHeight - view.scrollTop - view.clientHeight < nearEndPx;
			// Content that grows moves the end away and nothing else; only who scrolls moves upwards.
			follows.current = isAtEnd || (follows.current && view.scrollTop >= lastTop.current);
			lastTop.current = view.scrollTop;
			setAtEnd(isAtEnd);
		}
		const growth = new ResizeObserver(settle);
		growth.observe(list);
		growth.observe(view);
		view.addEventListener("scroll", onScroll, { passive: true });
		return () => {
			growth.disconnect();
			view.removeEventListener("scroll", onScroll);
		};
	}, [settle]);

	return { viewport, content, atEnd, followEnd };
}
