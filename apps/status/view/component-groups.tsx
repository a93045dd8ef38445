import type { ComponentReport, StatusReport } from "@opta/contracts/schema/status-report";
import { ComponentRow } from "./component-row.tsx";

const groups: readonly { readonly group: ComponentReport["group"]; readonly title: string }[] = [
	{ group: "inference", title: "Inference" },
	{ group: "data", title: "Accounts and data" },
	{ group: "sites", title: "Sites" },
];

interface ComponentGroupsProps {
	readonly report: StatusReport;
	readonly serverNowMs: number;
}

/** All parts, grouped by what they are for. */
export function ComponentGroups({ report, serverNowMs }: ComponentGroupsProps) {
	return groups.map(({ group, title }) => (
		<section key={group} aria-labelledby={`group-${group}`} className="mt-10">
			<h2 id={`group-${group}`} className="label-mono">
				{title}
			</h2>
			<ul className="mt-3 rounded-lg border border-line bg-surface px-5">
				{report.components
					.filter((component) => component.group === group)
					.map((component) => (
						<ComponentRow key={component.id} component={component} serverNowMs={serverNowMs} />
					))}
			</ul>
		</section>
	));
}
