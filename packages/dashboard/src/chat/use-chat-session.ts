"use client";

import { type RefObject, useEffect, useState, useSyncExternalStore } from "react";
import { useDashboardPlace } from "../host/dashboard-place.tsx";
import { type ChatSession, type ChatState, createChatSession } from "./chat-session.ts";
import { createChatKeeper } from "./kept-chat.ts";

/** The page's conversation, kept when the page is left, with the unsent text of the composer. */
export function useChatSession(composer: RefObject<HTMLTextAreaElement | null>): { session: ChatSession; state: ChatState } {
	const { client, storageKey } = useDashboardPlace();
	const [session] = useState(() =>
		createChatSession({
			client,
			keeper: createChatKeeper(() => window.sessionStorage, `opta-chat:${storageKey}`),
			beforePaint: (callback) => requestAnimationFrame(callback),
		}),
	);
	const state = useSyncExternalStore(session.subscribe, session.getState, session.getState);

	useEffect(() => {
		const field = composer.current;
		const draft = session.restore();
		if (field !== null && field.value === "") {
			field.value = draft;
		}
		function keep(): void {
			session.keep(field?.value ?? "");
		}
		window.addEventListener("pagehide", keep);
		return () => {
			window.removeEventListener("pagehide", keep);
			keep();
			session.stop();
		};
	}, [session, composer]);

	return { session, state };
}
