import type { ReactNode } from "react";
import { ScrollRegion } from "./scroll-region.tsx";

/** A row; its first cell is the row's heading. */
export interface DataRow {
	readonly key: string;
	readonly cells: readonly ReactNode[];
}

interface DataTableProps {
	readonly caption: string;
	readonly columns: readonly string[];
	readonly rows: readonly DataRow[];
	/** Hides the caption from the eye where a heading just above says the same. */
	readonly captionHidden?: boolean;
}

/** A table that scrolls by itself where the screen is narrow, by keyboard too. */
export function DataTable({ caption, columns, rows, captionHidden = false }: DataTableProps) {
	return (
		<ScrollRegion label={caption} className="rounded-lg border border-line bg-surface">
			<table className="w-full border-collapse text-left text-sm">
				<caption className={captionHidden ? "sr-only" : "label-mono border-b border-line px-4 py-2.5 text-left"}>{caption}</caption>
				<thead>
					<tr className="border-b border-line">
						{columns.map((column) => (
							<th key={column} scope="col" className="label-mono px-4 py-2.5 font-normal whitespace-nowrap">
								{column}
							</th>
						))}
					</tr>
				</thead>
				<tbody>
					{rows.map((row) => (
						<tr key={row.key} className="border-b border-line last:border-b-0">
							{row.cells.map((cell, index) =>
								index === 0 ? (
									<th
										key={columns[index]}
										scope="row"
										className="px-4 py-2.5 align-baseline font-mono text-[0.8125rem] font-medium whitespace-nowrap"
									>
										{cell}
									</th>
								) : (
									<td key={columns[index]} className="min-w-24 px-4 py-2.5 align-baseline [&_code]:whitespace-nowrap">
										{cell}
									</td>
								),
							)}
						</tr>
					))}
				</tbody>
			</table>
		</ScrollRegion>
	);
}
