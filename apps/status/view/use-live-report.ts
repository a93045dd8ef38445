import type { StatusReport } from "@opta/contracts/schema/status-report";
import { useRef } from "react";
import useSWR from "swr";
import { currentReport } from "../report/current-state.ts";
import { staleAfterMs } from "../report/timing.ts";
import { useNow } from "./use-now.ts";
import { useOnline } from "./use-online.ts";

/** Reading the report asks nobody, so pages look more often than checks are made. */
const longestRefreshMs = 10_000;
const firstDataRefreshMs = 1_000;
const retryMs = 5_000;
const requestTimeoutMs = 10_000;

interface Received {
	readonly report: StatusReport;
	/** By the browser's clock, which need not agree with the server's. */
	readonly receivedAtMs: number;
}

/** The report as it may be shown now. */
export interface LiveReport {
	/** Judged by its age: where it is too old, parts have no data. */
	readonly report: StatusReport;
	/** Now, by the clock of the server that made the report. */
	readonly serverNowMs: number;
	/** Why newer reports do not come; null while they do. */
	readonly trouble: "offline" | "silent" | null;
}

async function fetchReport(path: string): Promise<Received> {
	const response = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(requestTimeoutMs) });
	if (!response.ok) {
		throw new Error(`The status server answered ${response.status}.`);
	}
	const report: StatusReport = await response.json();
	return { report, receivedAtMs: Date.now() };
}

function refreshMs({ intervalMs, components }: StatusReport): number {
	const empty = components.every(({ checkedAt }) => checkedAt === null);
	return Math.min(intervalMs, empty ? firstDataRefreshMs : longestRefreshMs);
}

/** Keeps the server's report fresh, and knows how old it is. */
export function useLiveReport(initial: StatusReport): LiveReport {
	const nowMs = useNow();
	const online = useOnline();
	const openedAtMs = useRef<number | null>(null);
	openedAtMs.current ??= nowMs;
	const { data, error } = useSWR("/api/status", fetchReport, {
		refreshInterval: (latest) => refreshMs(latest?.report ?? initial),
		dedupingInterval: 0,
		onErrorRetry: (_error, _key, _config, revalidate, options) => {
			setTimeout(() => revalidate(options), retryMs);
		},
	});
	const report = data?.report ?? initial;
	const receivedAtMs = data?.receivedAtMs ?? openedAtMs.current;
	const ageMs = nowMs === null || receivedAtMs === null ? 0 : Math.max(0, nowMs - receivedAtMs);
	const serverNowMs = Date.parse(report.generatedAt) + ageMs;
	return {
		report: currentReport(report, serverNowMs),
		serverNowMs,
		trouble: online ? (error === undefined && ageMs <= staleAfterMs(report.intervalMs) ? null : "silent") : "offline",
	};
}
