import type { ReactNode } from "react";

interface StatProps {
	readonly label: string;
	/** Null reads as "no data". */
	readonly value: ReactNode;
	readonly unit?: string | undefined;
	readonly note?: ReactNode;
}

/** One measured value with its name and unit. */
export function Stat({ label, value, unit, note }: StatProps) {
	return (
		<div className="min-w-0">
			<p className="label-mono">{label}</p>
			{value === null ? (
				<p className="mt-1 text-lg leading-9 text-muted">no data</p>
			) : (
				<p className="mt-1 truncate font-mono text-2xl leading-9 font-medium tracking-tight tabular-nums">
					{value}
					{unit === undefined ? null : <span className="ml-1.5 text-sm font-normal tracking-normal text-muted">{unit}</span>}
				</p>
			)}
			{note === undefined ? null : <p className="text-sm text-muted">{note}</p>}
		</div>
	);
}
