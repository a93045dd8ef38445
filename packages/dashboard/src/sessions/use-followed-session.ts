"use client";

import type { DaemonClient } from "@opta/host-client/daemon/daemon-client";
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { createSessionStore, type FollowedSession } from "./session-store.ts";

/** A phone that slept for longer has lost its connection without knowing it. */
const sleepMs = 20_000;

/** The session as it is, followed while the page shows it. */
export function useFollowedSession(client: DaemonClient, sessionId: string): FollowedSession {
	const store = useMemo(
		() =>
			createSessionStore({
				client,
				sessionId,
				beforePaint: (callback) => requestAnimationFrame(callback),
				after: (callback, ms) => setTimeout(callback, ms),
			}),
		[client, sessionId],
	);
	useEffect(() => {
		let hiddenAtMs: number | null = null;
		function onVisibility(): void {
			if (document.visibilityState === "hidden") {
				hiddenAtMs = Date.now();
			} else if (hiddenAtMs !== null && Date.now() - hiddenAtMs > sleepMs) {
				hiddenAtMs = null;
				store.refresh();
			}
		}
		document.addEventListener("visibilitychange", onVisibility);
		window.addEventListener("online", store.refresh);
		return () => {
			document.removeEventListener("visibilitychange", onVisibility);
			window.removeEventListener("online", store.refresh);
		};
	}, [store]);
	return useSyncExternalStore(store.subscribe, store.getState, store.getState);
}
