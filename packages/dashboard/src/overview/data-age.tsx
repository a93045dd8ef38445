"use client";

import { useEffect, useState } from "react";
import { formatDuration } from "../host/format-duration.ts";

/** How long ago something arrived, counting on by itself. */
export function DataAge({ sinceMs }: { readonly sinceMs: number }) {
	const [nowMs, setNowMs] = useState(() => Date.now());

	useEffect(() => {
		const timer = setInterval(() => setNowMs(Date.now()), 1000);
		return () => clearInterval(timer);
	}, []);

	return <>{formatDuration(nowMs - sinceMs)}</>;
}
