import { EmptyState } from "@opta/ui/empty-state.tsx";
import { SiteLink } from "@opta/ui/site-link.tsx";
import { roleMeanings } from "../hosts/role-words.ts";
import type { Account } from "./account-data.ts";

interface HostListProps {
	readonly hosts: Account["hosts"];
	/** How many invitations wait for the person. */
	readonly waitingInvites: number;
}

/** The hosts that a person may use, with what their role lets them do, and what waits for an answer. */
export function HostList({ hosts, waitingInvites }: HostListProps) {
	return (
		<>
			{hosts.length === 0 ? <NoHosts /> : <Hosts hosts={hosts} />}
			{waitingInvites === 0 ? null : (
				<p className="mt-5 text-sm">
					<a className="link" href="/hosts">
						{waitingInvites === 1 ? "An invitation waits" : `${waitingInvites} invitations wait`}
					</a>{" "}
					<span className="text-muted">for your answer</span>
				</p>
			)}
		</>
	);
}

function NoHosts() {
	return (
		<EmptyState title="No hosts yet">
			<p>
				A host is the computer that runs the models.{" "}
				<SiteLink site="init" className="link">
					Set one up
				</SiteLink>{" "}
				or ask the owner of one to invite you.
			</p>
		</EmptyState>
	);
}

function Hosts({ hosts }: Pick<HostListProps, "hosts">) {
	return (
		<ul className="divide-y divide-line">
			{hosts.map(({ id, name, role }) => (
				<li key={id} className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 py-3 first:pt-0 last:pb-0">
					<a href={`/hosts/${id}`} className="link min-w-0 break-words">
						{name}
					</a>
					<span className="text-sm text-muted">
						<span className="mr-3 font-mono text-[0.8125rem] text-ink">{role}</span>
						{roleMeanings[role]}
					</span>
				</li>
			))}
		</ul>
	);
}
