import { useEffect, useState } from "react";

const tickMs = 1_000;

/**
 * The browser's clock, once a second while the page is seen; null until the page runs, so that the first paint is the
 * server's. A page that comes back to the front gets a second to fetch before it notices how old its data is.
 */
export function useNow(): number | null {
	const [nowMs, setNowMs] = useState<number | null>(null);
	useEffect(() => {
		let timer: ReturnType<typeof setInterval> | undefined;
		const run = () => {
			clearInterval(timer);
			if (document.visibilityState === "visible") {
				timer = setInterval(() => setNowMs(Date.now()), tickMs);
			}
		};
		setNowMs(Date.now());
		run();
		document.addEventListener("visibilitychange", run);
		return () => {
			clearInterval(timer);
			document.removeEventListener("visibilitychange", run);
		};
	}, []);
	return nowMs;
}
