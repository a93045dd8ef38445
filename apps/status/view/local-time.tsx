"use client";

import { useSyncExternalStore } from "react";

function neverChanges(): () => void {
	return () => undefined;
}

function inBrowser(iso: string): string {
	const time = new Date(iso);
	const today = new Date().toDateString() === time.toDateString();
	return time.toLocaleString([], { hour: "2-digit", minute: "2-digit", ...(today ? {} : { day: "numeric", month: "short" }) });
}

function onServer(iso: string): string {
	return `${iso.slice(11, 16)} UTC`;
}

/** A time of day in the reader's zone, with the date unless it is today; without scripts in UTC. */
export function LocalTime({ iso }: { readonly iso: string }) {
	const text = useSyncExternalStore(
		neverChanges,
		() => inBrowser(iso),
		() => onServer(iso),
	);
	return (
		<time dateTime={iso} className="whitespace-nowrap">
			{text}
		</time>
	);
}
