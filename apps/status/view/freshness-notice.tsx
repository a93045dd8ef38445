import { Notice } from "@opta/ui/notice.tsx";
import { elapsedText } from "../report/elapsed.ts";
import { newestCheck } from "../report/newest-check.ts";
import { LocalTime } from "./local-time.tsx";
import type { LiveReport } from "./use-live-report.ts";

const titles = {
	offline: "You are offline",
	silent: "This page gets no new report from its server",
	stopped: "The checks have stopped",
} as const;

const advice = {
	offline: "It is refreshed when the network is back.",
	silent: "This page keeps trying by itself.",
	stopped: "The server that makes them runs, but it has not made one for a while. It makes them again when this page asks next.",
} as const;

function kindOf(live: LiveReport): keyof typeof titles | null {
	if (live.trouble !== null) {
		return live.trouble;
	}
	const checked = live.report.components.filter(({ checkedAt }) => checkedAt !== null);
	return checked.length > 0 && checked.every(({ state }) => state === "noData") ? "stopped" : null;
}

/** Says why the page does not show the present, and how old what it shows is; nothing while it is fresh. */
export function FreshnessNotice({ live }: { readonly live: LiveReport }) {
	const kind = kindOf(live);
	if (kind === null) {
		return null;
	}
	const newest = newestCheck(live.report);
	return (
		<Notice tone="warn" title={titles[kind]}>
			{newest === null ? (
				"No check has reached this page yet. "
			) : (
				<>
					The newest check here is from <LocalTime iso={newest} />
					<span aria-hidden="true"> ({elapsedText(live.serverNowMs - Date.parse(newest))} ago)</span>.{" "}
				</>
			)}
			{advice[kind]}
		</Notice>
	);
}
