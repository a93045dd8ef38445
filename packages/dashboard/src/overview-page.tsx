"use client";

import type { LmxStatus } from "@opta/contracts/schema/lmx-status";
import { ButtonLink } from "@opta/ui/button.tsx";
import { Card } from "@opta/ui/card.tsx";
import { PageHeader } from "@opta/ui/page-header.tsx";
import { StateMark } from "@opta/ui/state-mark.tsx";
import { DashboardNav } from "./host/dashboard-nav.tsx";
import { useDashboardPlace } from "./host/dashboard-place.tsx";
import { formatDuration } from "./host/format-duration.ts";
import { HostProblem } from "./host/host-problem.tsx";
import { useHostData } from "./host/use-host-data.ts";
import { DataAge } from "./overview/data-age.tsx";
import { MemoryCard } from "./overview/memory-card.tsx";
import { ModelsTable } from "./overview/models-table.tsx";
import { NoModels } from "./overview/no-models.tsx";
import { OverviewSkeleton } from "./overview/overview-skeleton.tsx";
import { ThroughputCard } from "./overview/throughput-card.tsx";
import { useThroughputHistory } from "./overview/use-throughput-history.ts";

const refreshMs = 2_000;

/** What the host has loaded, what it uses and how fast it answers, asked for every two seconds. */
export function OverviewPage() {
	const { client, host, pageHref } = useDashboardPlace();
	const { data, receivedAtMs, error, asking, retry } = useHostData([client.baseUrl, "status"], () => client.status(), {
		refreshMs: () => refreshMs,
	});
	const history = useThroughputHistory(data);
	return (
		<>
			<DashboardNav current="overview" />
			<div className="frame pb-24">
				<PageHeader
					title="Overview"
					lead={`Models, memory and speed of ${host.name}, as they are now.`}
					actions={<ButtonLink href={pageHref("chat", host.id)}>Open chat</ButtonLink>}
				/>
				{error === undefined ? null : (
					<div className="mb-6">
						<HostProblem error={error} retry={retry} retrying={asking} tone={data === undefined ? "bad" : "warn"}>
							{receivedAtMs === undefined ? null : (
								<p className="mt-1">
									The figures below are <DataAge sinceMs={receivedAtMs} /> old.
								</p>
							)}
						</HostProblem>
					</div>
				)}
				{data === undefined ? (
					error === undefined && <OverviewSkeleton />
				) : (
					<Figures status={data} history={history} stale={error !== undefined} />
				)}
			</div>
		</>
	);
}

interface FiguresProps {
	readonly status: LmxStatus;
	readonly history: readonly number[];
	readonly stale: boolean;
}

function Figures({ status, history, stale }: FiguresProps) {
	return (
		<div className="grid gap-6 lg:grid-cols-2">
			<ThroughputCard status={status} history={history} />
			<MemoryCard status={status} />
			<Card
				title="Models"
				aside={<span className="label-mono">{status.models.length === 1 ? "1 model" : `${status.models.length} models`}</span>}
				className={`lg:col-span-2 ${status.models.length === 0 ? "" : "[&>div:last-child]:p-0"}`}
			>
				{status.models.length === 0 ? <NoModels /> : <ModelsTable models={status.models} />}
			</Card>
			<p className="flex flex-wrap items-center gap-x-6 gap-y-2 lg:col-span-2">
				<StateMark state={stale ? "warn" : "ok"} label={stale ? "not up to date" : "live, every 2 s"} />
				<span className="label-mono">
					LMX {status.build} · up {formatDuration(status.uptimeMs)}
				</span>
			</p>
		</div>
	);
}
