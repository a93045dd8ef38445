import type { HostRole } from "@opta/contracts/roles";
import { EmptyState } from "@opta/ui/empty-state.tsx";
import { SiteLink } from "@opta/ui/site-link.tsx";
import type { Account } from "./account-data.ts";

const roleMeanings: Record<HostRole, string> = {
	viewer: "sees models and load",
	user: "chats with its models",
	operator: "loads and unloads models",
	owner: "everything, members included",
};

/** The hosts that a person may use, with what their role lets them do. */
export function HostList({ hosts }: { readonly hosts: Account["hosts"] }) {
	if (hosts.length === 0) {
		return (
			<EmptyState title="No hosts yet">
				<p>
					A host is the computer that runs the models.{" "}
					<SiteLink site="init" className="link">
						Set one up
					</SiteLink>{" "}
					or ask the owner of one to add you.
				</p>
			</EmptyState>
		);
	}
	return (
		<ul className="divide-y divide-line">
			{hosts.map(({ id, name, role }) => (
				<li key={id} className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 py-3 first:pt-0 last:pb-0">
					<SiteLink site="lmx" path={`/?host=${encodeURIComponent(id)}`} className="link min-w-0 break-words">
						{name}
					</SiteLink>
					<span className="text-sm text-muted">
						<span className="mr-3 font-mono text-[0.8125rem] text-ink">{role}</span>
						{roleMeanings[role]}
					</span>
				</li>
			))}
		</ul>
	);
}
