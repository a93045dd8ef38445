import type { LoadedModel } from "@opta/contracts/schema/lmx-status";
import { StateMark } from "@opta/ui/state-mark.tsx";
import type { ReactNode } from "react";
import { formatBytes } from "../host/format-bytes.ts";
import { modelStateMark } from "../host/model-state.ts";

interface Column {
	readonly title: string;
	readonly cell: (model: LoadedModel) => ReactNode;
}

const unknown = <span className="text-muted">no data</span>;

const columns: readonly Column[] = [
	{
		title: "State",
		cell: ({ state, reason }) => {
			const { mark, label } = modelStateMark(state);
			return (
				<>
					<StateMark state={mark} label={label} />
					{reason === null ? null : <span className="mt-1 block max-w-80 font-sans text-sm whitespace-normal text-muted">{reason}</span>}
				</>
			);
		},
	},
	{ title: "Context", cell: ({ contextTokens }) => (contextTokens === null ? unknown : contextTokens.toLocaleString("en")) },
	{ title: "Threads", cell: ({ threads }) => threads ?? unknown },
	{ title: "Memory", cell: ({ ramBytes }) => (ramBytes === null ? unknown : formatBytes(ramBytes)) },
	{ title: "Requests", cell: ({ activeRequests, queuedRequests }) => `${activeRequests} active, ${queuedRequests} queued` },
	{ title: "Speed", cell: ({ tokensPerSecond }) => (tokensPerSecond === null ? unknown : `${tokensPerSecond.toFixed(0)} tok/s`) },
];

/** The models of the host, one per row; on a phone each row becomes a block of labelled figures. */
export function ModelsTable({ models }: { readonly models: readonly LoadedModel[] }) {
	return (
		<table className="w-full border-collapse text-left max-lg:grid">
			<caption className="sr-only">Models on this host</caption>
			<thead className="max-lg:sr-only">
				<tr className="border-b border-line">
					<th scope="col" className="label-mono py-3 pr-4 pl-5 font-normal">
						Model
					</th>
					{columns.map(({ title }) => (
						<th key={title} scope="col" className="label-mono py-3 pr-4 font-normal">
							{title}
						</th>
					))}
				</tr>
			</thead>
			<tbody className="max-lg:grid">
				{models.map((model) => (
					<tr
						key={model.id}
						className="border-line not-last:border-b align-top max-lg:grid max-lg:grid-cols-2 max-lg:gap-x-4 max-lg:gap-y-3 max-lg:p-5 sm:max-lg:grid-cols-3"
					>
						<th scope="row" className="py-4 pr-4 pl-5 font-mono text-sm font-medium break-all max-lg:col-span-full max-lg:p-0">
							{model.id}
						</th>
						{columns.map(({ title, cell }) => (
							<td key={title} className="py-4 pr-4 font-mono text-sm whitespace-nowrap tabular-nums max-lg:p-0">
								<span className="label-mono block lg:hidden" aria-hidden="true">
									{title}
								</span>
								{cell(model)}
							</td>
						))}
					</tr>
				))}
			</tbody>
		</table>
	);
}
