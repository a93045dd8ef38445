import type { LmxStatus } from "@opta/contracts/schema/lmx-status";
import { Card } from "@opta/ui/card.tsx";
import { Stat } from "@opta/ui/stat.tsx";
import { historySlots, liveTokensPerSecond } from "./live-throughput.ts";
import { Sparkline } from "./sparkline.tsx";

interface ThroughputCardProps {
	readonly status: LmxStatus;
	readonly history: readonly number[];
}

/** Tokens per second now and over the last two minutes, with the requests that make them. */
export function ThroughputCard({ status, history }: ThroughputCardProps) {
	const { performance } = status;
	const average = performance.avg_tokens_per_sec;
	return (
		<Card title="Throughput" aside={<span className="label-mono">last 2 min</span>}>
			<div className="grid gap-x-8 gap-y-4 sm:grid-cols-[auto_1fr] sm:items-end">
				<Stat label="Tokens per second" value={liveTokensPerSecond(status).toFixed(0)} unit="tok/s" />
				<Sparkline values={history} slots={historySlots} />
			</div>
			<div className="mt-5 grid grid-cols-3 gap-4 border-t border-line pt-4">
				<Stat label="Active" value={performance.concurrent_requests} />
				<Stat label="Queued" value={performance.queuedRequests} />
				<Stat label="Average" value={average > 0 ? average.toFixed(0) : null} unit="tok/s" />
			</div>
		</Card>
	);
}
