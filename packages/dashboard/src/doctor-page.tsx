"use client";

import { inLayerOrder } from "@opta/contracts/doctor-layers";
import type { DoctorCheck, DoctorReport } from "@opta/contracts/schema/doctor";
import { Button } from "@opta/ui/button.tsx";
import { CopyButton } from "@opta/ui/copy-button.tsx";
import { Notice } from "@opta/ui/notice.tsx";
import { PageHeader } from "@opta/ui/page-header.tsx";
import { Spinner } from "@opta/ui/spinner.tsx";
import { type MarkState, StateMark } from "@opta/ui/state-mark.tsx";
import { useClipboardAllowed } from "./chat/use-clipboard-allowed.ts";
import { layerNames, reportText } from "./doctor/report-text.ts";
import { DashboardNav } from "./host/dashboard-nav.tsx";
import { useDashboardPlace } from "./host/dashboard-place.tsx";
import { HostProblem } from "./host/host-problem.tsx";
import { TimeAgo } from "./host/time-ago.tsx";
import { useHostData } from "./host/use-host-data.ts";

/** What stands between the reader and a model, tested layer by layer, with what to do where something is wrong. */
export default function DoctorPage() {
	const { client, host } = useDashboardPlace();
	const { data, error, asking, retry } = useHostData([client.baseUrl, "doctor"], () => client.doctor(), { refreshMs: () => 0 });
	const clipboard = useClipboardAllowed();
	return (
		<>
			<DashboardNav current="doctor" />
			<div className="frame pb-24">
				<PageHeader
					title="Doctor"
					lead={`Every layer between you and the models of ${host.name}, tested from the outside in.`}
					actions={
						<Button variant="secondary" onClick={retry} aria-disabled={asking}>
							{asking ? "Testing" : "Test again"}
						</Button>
					}
				/>
				{error === undefined ? null : (
					<div className="mb-6">
						<HostProblem error={error} retry={retry} retrying={asking} tone={data === undefined ? "bad" : "warn"} />
					</div>
				)}
				{data === undefined && error === undefined ? <Spinner label="Testing layer by layer" showLabel /> : null}
				{data === undefined ? null : (
					<>
						<Verdict report={data} />
						<ol aria-label="Layers" aria-busy={asking} className="mt-6 rounded-lg border border-line bg-surface">
							{inLayerOrder(data.checks).map((check) => (
								<Finding key={`${check.layer} ${check.name}`} check={check} />
							))}
						</ol>
						<p className="mt-4 flex flex-wrap items-center gap-x-4 text-sm text-muted">
							<span>
								Tested <TimeAgo time={data.at} /> by build <span className="font-mono">{data.build}</span>
							</span>
							{clipboard ? <CopyButton text={reportText(data, host.name)} label="report as text" /> : null}
						</p>
					</>
				)}
			</div>
		</>
	);
}

function Verdict({ report: { checks } }: { readonly report: DoctorReport }) {
	const failed = checks.filter(({ state }) => state === "failed").length;
	const warnings = checks.filter(({ state }) => state === "warning").length;
	if (failed > 0) {
		return <Notice tone="bad" title={failed === 1 ? "One layer fails" : `${failed} layers fail`} />;
	}
	return warnings > 0 ? (
		<Notice tone="warn" title={warnings === 1 ? "It works; one thing could be better" : `It works; ${warnings} things could be better`} />
	) : (
		<Notice tone="ok" title="Everything works" />
	);
}

const marks: Readonly<Record<DoctorCheck["state"], { readonly state: MarkState; readonly label: string }>> = {
	ok: { state: "ok", label: "ok" },
	warning: { state: "warn", label: "warning" },
	failed: { state: "bad", label: "failed" },
	skipped: { state: "none", label: "not tested" },
};

function Finding({ check: { layer, state, summary, fix, durationMs } }: { readonly check: DoctorCheck }) {
	return (
		<li className="grid gap-x-6 gap-y-1 border-b border-line px-5 py-3.5 last:border-b-0 sm:grid-cols-[9rem_1fr_auto]">
			<h2 className="font-medium">{layerNames[layer] ?? layer}</h2>
			<div className="min-w-0 wrap-anywhere max-sm:order-last">
				<p>{summary}</p>
				{fix === null ? null : (
					<p className="mt-1 text-sm text-muted">
						<span className="text-ink">To do:</span> {fix}
					</p>
				)}
			</div>
			<p className="flex items-center gap-3">
				<StateMark {...marks[state]} />
				<span className="font-mono text-xs text-muted">{Math.round(durationMs)} ms</span>
			</p>
		</li>
	);
}
