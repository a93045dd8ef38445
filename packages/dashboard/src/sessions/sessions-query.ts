"use client";

import { useSyncExternalStore } from "react";

/** What the address says is shown. */
export interface SessionsQuery {
	readonly deviceId: string | null;
	readonly sessionId: string | null;
}

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
	listeners.add(listener);
	window.addEventListener("popstate", listener);
	return () => {
		listeners.delete(listener);
		window.removeEventListener("popstate", listener);
	};
}

/** Reads the query of the address. */
export function readSessionsQuery(query: string): SessionsQuery {
	const parameters = new URLSearchParams(query);
	return { deviceId: parameters.get("device") || null, sessionId: parameters.get("session") || null };
}

/** What is to be shown, by the address; null until the page runs in the browser. */
export function useSessionsQuery(): SessionsQuery | null {
	const query = useSyncExternalStore<string | null>(
		subscribe,
		() => window.location.search,
		() => null,
	);
	return query === null ? null : readSessionsQuery(query);
}

/** Goes to another address of the same page without loading it anew. */
export function goTo(href: string): void {
	window.history.pushState(null, "", href);
	for (const listener of listeners) {
		listener();
	}
}
