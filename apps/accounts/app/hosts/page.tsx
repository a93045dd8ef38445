import { requireUser } from "@opta/auth/require-user";
import { buttonClassName } from "@opta/ui/button.tsx";
import { Card } from "@opta/ui/card.tsx";
import { EmptyState } from "@opta/ui/empty-state.tsx";
import { SiteLink } from "@opta/ui/site-link.tsx";
import type { Metadata } from "next";
import { AccountFrame, AccountUnread } from "../../account/account-frame.tsx";
import { accountsContext } from "../../env.ts";
import { readPageInput, type SearchParameters, titleWithError } from "../../forms/page-input.ts";
import { HostFacts, HostState } from "../../hosts/host-facts.tsx";
import { AnswerForm, InvitationFacts } from "../../hosts/invitation-facts.tsx";
import { readWaitingInvites, type WaitingInvite } from "../../hosts/invites.ts";
import { type OwnHost, readOwnHosts } from "../../hosts/read-hosts.ts";
import { roleMeanings } from "../../hosts/role-words.ts";

interface HostsPageProps {
	readonly searchParams: SearchParameters;
}

const title = "Your hosts";

const endings: Readonly<Record<string, string>> = {
	left: "You have left that host",
	revoked: "The host is revoked: within a minute nobody can use it any more",
	declined: "The invitation is declined",
};

export function generateMetadata({ searchParams }: HostsPageProps): Promise<Metadata> {
	return titleWithError(title, searchParams);
}

function HostEntry({ host, nowMs }: { readonly host: OwnHost; readonly nowMs: number }) {
	const { id, name, role } = host;
	return (
		<li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 py-4 first:pt-0 last:pb-0">
			<div className="min-w-0">
				<p className="flex flex-wrap items-baseline gap-x-3 font-medium">
					<a href={`/hosts/${id}`} className="link min-w-0 break-words">
						{name}
					</a>
					<HostState host={host} nowMs={nowMs} />
				</p>
				<p className="mt-1 text-sm text-muted">
					<span className="mr-2 font-mono text-[0.8125rem] text-ink">{role}</span>
					{roleMeanings[role]}
				</p>
				<p className="mt-1 text-sm text-muted">
					<HostFacts host={host} />
				</p>
			</div>
			<SiteLink site="lmx" path={`/?host=${encodeURIComponent(id)}`} className={buttonClassName("secondary")}>
				Dashboard
			</SiteLink>
		</li>
	);
}

function Invitations({ invites }: { readonly invites: readonly WaitingInvite[] }) {
	return (
		<Card title={invites.length === 1 ? "An invitation for you" : "Invitations for you"}>
			<ul className="divide-y divide-line">
				{invites.map((invite) => (
					<li key={invite.id} className="py-5 first:pt-0 last:pb-0">
						<InvitationFacts invitation={invite} />
						<AnswerForm inviteId={invite.id} />
					</li>
				))}
			</ul>
		</Card>
	);
}

function AddHost() {
	return (
		<Card title="Add a host">
			<p className="max-w-prose text-sm text-muted">
				On the computer that runs the models, run <code>opta host claim</code>, or <code>npm run host -- claim</code> in the folder of Opta
				Local. It shows a code; type it on the next page, compare what both screens show, and the host is yours.
			</p>
			<a href="/hosts/claim" className={buttonClassName("secondary", "mt-4")}>
				Type the code
			</a>
		</Card>
	);
}

function Lists({
	hosts,
	invites,
	nowMs,
}: {
	readonly hosts: readonly OwnHost[];
	readonly invites: readonly WaitingInvite[];
	readonly nowMs: number;
}) {
	return (
		<>
			{invites.length === 0 ? null : <Invitations invites={invites} />}
			<Card title="Hosts">
				{hosts.length === 0 ? (
					<EmptyState title="No hosts yet">
						<p>A host is the computer that runs the models. Add one of your own, or ask the owner of one to invite you.</p>
					</EmptyState>
				) : (
					<ul className="divide-y divide-line">
						{hosts.map((host) => (
							<HostEntry key={host.id} host={host} nowMs={nowMs} />
						))}
					</ul>
				)}
			</Card>
			<AddHost />
		</>
	);
}

export default async function HostsPage({ searchParams }: HostsPageProps) {
	const session = await requireUser();
	const context = accountsContext();
	const { message, all } = await readPageInput(searchParams, context.configuration.addressing);
	const [hosts, invites] = await Promise.all([readOwnHosts(context, session), readWaitingInvites(context, session)]);
	return (
		<AccountFrame
			current="/hosts"
			title={title}
			lead="The computers whose models you may use."
			message={message}
			done={typeof all.done === "string" ? (endings[all.done] ?? null) : null}
		>
			{hosts.state === "ok" && invites.state === "ok" ? (
				<Lists hosts={hosts.value} invites={invites.value} nowMs={Date.now()} />
			) : (
				<AccountUnread state={hosts.state === "ok" ? "unavailable" : hosts.state} path="/hosts" />
			)}
		</AccountFrame>
	);
}
