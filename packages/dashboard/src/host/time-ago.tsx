"use client";

import { useEffect, useState } from "react";
import { formatAgo } from "./format-ago.ts";

const everyMs = 30_000;

/** A time as how long ago it is, kept current; the exact one is its title. */
export function TimeAgo({ time }: { readonly time: string }) {
	const [nowMs, setNowMs] = useState(() => Date.now());
	useEffect(() => {
		const timer = setInterval(() => setNowMs(Date.now()), everyMs);
		return () => clearInterval(timer);
	}, []);
	return (
		<time dateTime={time} title={new Date(time).toLocaleString()} suppressHydrationWarning>
			{formatAgo(time, nowMs)}
		</time>
	);
}
