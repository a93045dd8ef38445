import type { StatusReport } from "@opta/contracts/schema/status-report";
import { useEffect, useState } from "react";

/** Reading the report asks nobody, so pages look more often than checks are made. */
const longestPauseMs = 10_000;
const firstDataPauseMs = 1_000;
const retryPauseMs = 5_000;
const requestTimeoutMs = 10_000;

/** The newest report that reached the page. */
export interface PolledReport {
	readonly report: StatusReport;
	/** By the browser's clock, which need not agree with the server's; null for the report that came with the page. */
	readonly receivedAtMs: number | null;
	/** True when the last request for a newer one failed. */
	readonly failed: boolean;
}

async function fetchReport(signal: AbortSignal): Promise<StatusReport> {
	const response = await fetch("/api/status", {
		cache: "no-store",
		signal: AbortSignal.any([signal, AbortSignal.timeout(requestTimeoutMs)]),
	});
	if (!response.ok) {
		throw new Error(`The status server answered ${response.status}.`);
	}
	return await response.json();
}

function pauseMs({ intervalMs, components }: StatusReport): number {
	const empty = components.every(({ checkedAt }) => checkedAt === null);
	return Math.min(intervalMs, empty ? firstDataPauseMs : longestPauseMs);
}

/**
 * Asks the server for newer reports while the page is seen, one request at a time, and at once when the page comes back
 * to the front or the network returns. Forty lines instead of SWR, whose 5 KB would not fit this page's budget.
 */
export function usePolledReport(initial: StatusReport): PolledReport {
	const [polled, setPolled] = useState<PolledReport>({ report: initial, receivedAtMs: null, failed: false });

	useEffect(() => {
		const leave = new AbortController();
		let timer: ReturnType<typeof setTimeout> | undefined;
		let underWay = false;

		function refreshIn(pause: number): void {
			clearTimeout(timer);
			timer = setTimeout(refresh, pause);
		}

		async function refresh(): Promise<void> {
			if (underWay || document.visibilityState === "hidden") {
				return;
			}
			underWay = true;
			try {
				const report = await fetchReport(leave.signal);
				setPolled({ report, receivedAtMs: Date.now(), failed: false });
				refreshIn(pauseMs(report));
			} catch {
				if (!leave.signal.aborted) {
					setPolled((before) => ({ ...before, failed: true }));
					refreshIn(retryPauseMs);
				}
			} finally {
				underWay = false;
			}
		}

		refreshIn(pauseMs(initial));
		document.addEventListener("visibilitychange", refresh, { signal: leave.signal });
		window.addEventListener("online", refresh, { signal: leave.signal });
		return () => {
			leave.abort();
			clearTimeout(timer);
		};
	}, [initial]);

	return polled;
}
