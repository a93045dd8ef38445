"use client";

import { type RefObject, useCallback, useEffect, useRef, useState } from "react";

const nearEndPx = 64;

interface StickToEnd {
	readonly viewport: RefObject<HTMLElement | null>;
	readonly content: RefObject<HTMLDivElement | null>;
	/** False once the reader has scrolled up to read. */
	readonly atEnd: boolean;
	readonly goToEnd: () => void;
}

/** Keeps a scrolled view at its end while the content grows, unless the reader has scrolled away from it. */
export function useStickToEnd(): StickToEnd {
	const viewport = useRef<HTMLElement>(null);
	const content = useRef<HTMLDivElement>(null);
	const stuck = useRef(true);
	const [atEnd, setAtEnd] = useState(true);

	const goToEnd = useCallback(() => {
		stuck.current = true;
		viewport.current?.scrollTo({ top: viewport.current.scrollHeight, behavior: "instant" });
	}, []);

	useEffect(() => {
		const view = viewport.current;
		const inside = content.current;
		if (view === null || inside === null) {
			return;
		}
		function look(): void {
			stuck.current = view !== null && view.scrollHeight - view.scrollTop - view.clientHeight < nearEndPx;
			setAtEnd(stuck.current);
		}
		const growth = new ResizeObserver(() => (stuck.current ? goToEnd() : look()));
		growth.observe(inside);
		growth.observe(view);
		view.addEventListener("scroll", look, { passive: true });
		return () => {
			growth.disconnect();
			view.removeEventListener("scroll", look);
		};
	}, [goToEnd]);

	return { viewport, content, atEnd, goToEnd };
}
