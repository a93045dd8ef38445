import type { StatusReport } from "@opta/contracts/schema/status-report";
import { useRef } from "react";
import { currentReport } from "../report/current-state.ts";
import { staleAfterMs } from "../report/timing.ts";
import { useNow } from "./use-now.ts";
import { useOnline } from "./use-online.ts";
import { usePolledReport } from "./use-polled-report.ts";

/** The report as it may be shown now. */
export interface LiveReport {
	/** Judged by its age: where it is too old, parts have no data. */
	readonly report: StatusReport;
	/** Now, by the clock of the server that made the report. */
	readonly serverNowMs: number;
	/** Why newer reports do not come; null while they do. */
	readonly trouble: "offline" | "silent" | null;
}

/** Keeps the server's report fresh, and knows how old it is. */
export function useLiveReport(initial: StatusReport): LiveReport {
	const { report, receivedAtMs, failed } = usePolledReport(initial);
	const nowMs = useNow();
	const online = useOnline();
	const openedAtMs = useRef<number | null>(null);
	openedAtMs.current ??= nowMs;
	const ageMs = nowMs === null ? 0 : Math.max(0, nowMs - (receivedAtMs ?? openedAtMs.current ?? nowMs));
	const serverNowMs = Date.parse(report.generatedAt) + ageMs;
	const silent = failed || ageMs > staleAfterMs(report.intervalMs);
	return {
		report: currentReport(report, serverNowMs),
		serverNowMs,
		trouble: online ? (silent ? "silent" : null) : "offline",
	};
}
