import type { LmxStatus } from "@opta/contracts/schema/lmx-status";
import { Card } from "@opta/ui/card.tsx";
import { Stat } from "@opta/ui/stat.tsx";
import { formatBytes } from "../host/format-bytes.ts";
import { memoryShares } from "./memory-shares.ts";

const baseNames: Record<LmxStatus["memory"]["base"], string> = { ram: "main memory", vram: "video memory", unified: "unified memory" };

/** The host's memory: what the models hold, what everything else holds, what is free. */
export function MemoryCard({ status }: { readonly status: LmxStatus }) {
	const { totalBytes, modelBytes, otherBytes, freeBytes } = memoryShares(status);
	const usedBytes = modelBytes + otherBytes;
	const parts = [
		{ name: "Models", bytes: modelBytes, colour: "bg-accent" },
		{ name: "Other", bytes: otherBytes, colour: "bg-edge" },
		{ name: "Free", bytes: freeBytes, colour: "bg-raised" },
	];
	return (
		<Card title="Memory" aside={<span className="label-mono">{baseNames[status.memory.base] ?? "memory"}</span>}>
			<Stat
				label="Used"
				value={formatBytes(usedBytes)}
				unit={`of ${formatBytes(totalBytes)}`}
				note={totalBytes > 0 ? `${Math.round((usedBytes / totalBytes) * 100)} % in use` : undefined}
			/>
			<div className="mt-4 flex h-3 gap-px overflow-hidden rounded-sm border border-line" aria-hidden="true">
				{parts.map(({ name, bytes, colour }) => (
					<div
						key={name}
						className={`${colour} ${bytes > 0 ? "min-w-0.5" : ""}`}
						style={{ flexGrow: totalBytes > 0 ? bytes / totalBytes : 0 }}
					/>
				))}
			</div>
			<dl className="mt-4 grid grid-cols-3 gap-4">
				{parts.map(({ name, bytes, colour }) => (
					<div key={name}>
						<dt className="label-mono flex items-center gap-2">
							<span className={`size-2.5 rounded-sm border border-edge ${colour}`} aria-hidden="true" />
							{name}
						</dt>
						<dd className="mt-1 font-mono text-sm tabular-nums">{formatBytes(bytes)}</dd>
					</div>
				))}
			</dl>
		</Card>
	);
}
