"use client";

import type { StatusReport } from "@opta/contracts/schema/status-report";
import { siteByName } from "@opta/contracts/sites";
import { PageHeader } from "@opta/ui/page-header.tsx";
import { useEffect, useRef } from "react";
import { elapsedText, intervalText } from "../report/elapsed.ts";
import { newestCheck } from "../report/newest-check.ts";
import { overall } from "../report/overall.ts";
import { ComponentGroups } from "./component-groups.tsx";
import { FreshnessNotice } from "./freshness-notice.tsx";
import { HistoryLegend } from "./history-bar.tsx";
import { ImpactList } from "./impact-list.tsx";
import { LocalTime } from "./local-time.tsx";
import { OverallLead } from "./overall-lead.tsx";
import { type LiveReport, useLiveReport } from "./use-live-report.ts";

/** Puts the sentence in the window's title, and reads it out when it changes while the page is open. */
function Announcement({ headline }: { readonly headline: string }) {
	const region = useRef<HTMLParagraphElement>(null);
	const announced = useRef(headline);
	useEffect(() => {
		document.title = `${headline} · ${siteByName("status").title}`;
		if (announced.current !== headline && region.current !== null) {
			announced.current = headline;
			region.current.textContent = headline;
		}
	}, [headline]);
	return <p ref={region} role="status" className="sr-only" />;
}

/** How often is asked, and how long ago the last time was. */
function Rhythm({ live: { report, serverNowMs } }: { readonly live: LiveReport }) {
	const newest = newestCheck(report);
	return (
		<p className="label-mono">
			every {intervalText(report.intervalMs)}
			{newest === null ? ", no check yet" : `, last check ${elapsedText(serverNowMs - Date.parse(newest))} ago`}
		</p>
	);
}

/** The page: begins with the server's report and follows it. */
export function LiveStatus({ initial }: { readonly initial: StatusReport }) {
	const live = useLiveReport(initial);
	const { report, serverNowMs } = live;
	const sentence = overall(report.components);
	return (
		<div className="frame pb-24">
			<PageHeader title={sentence.headline} lead={<OverallLead {...sentence} />} actions={<Rhythm live={live} />} />
			<Announcement headline={sentence.headline} />
			<FreshnessNotice live={live} />
			<ImpactList components={report.components} />
			<ComponentGroups report={report} serverNowMs={serverNowMs} />
			<section aria-labelledby="about-checks" className="mt-10 grid gap-4 text-sm text-muted">
				<h2 id="about-checks" className="label-mono">
					How to read this
				</h2>
				<HistoryLegend />
				<p className="max-w-prose">
					Every configured part is asked every {intervalText(report.intervalMs)}, however many people look. Each bar shows the last 60
					checks, newest at the right. They are kept in memory since this server started watching at{" "}
					<LocalTime iso={report.watchingSince} />; from before, and from any time without checks, there is no data. A refused connection
					counts as down at once, a slow or failed answer when a second check confirms it.
				</p>
				<p>
					The same as JSON:{" "}
					<a href="/api/status" className="link">
						/api/status
					</a>
				</p>
			</section>
		</div>
	);
}
