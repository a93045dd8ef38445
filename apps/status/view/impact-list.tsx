import type { ComponentReport } from "@opta/contracts/schema/status-report";
import { Card } from "@opta/ui/card.tsx";
import { impacts } from "../report/impact.ts";

/** What works and what does not, for the people who use the platform; nothing while all is well. */
export function ImpactList({ components }: { readonly components: readonly ComponentReport[] }) {
	const list = impacts(components);
	if (list.length === 0) {
		return null;
	}
	return (
		<Card title="What this means for you" className="mt-6">
			<dl className="grid gap-x-8 gap-y-4 md:grid-cols-[12rem_minmax(0,1fr)]">
				{list.map(({ id, title, text }) => (
					<div key={id} className="md:contents">
						<dt className="font-medium">{title}</dt>
						<dd className="max-w-prose text-muted">{text}</dd>
					</div>
				))}
			</dl>
		</Card>
	);
}
