import { requireUser } from "@opta/auth/require-user";
import { siteUrl } from "@opta/contracts/site-url";
import { buttonClassName } from "@opta/ui/button.tsx";
import { Card } from "@opta/ui/card.tsx";
import { Field } from "@opta/ui/field.tsx";
import { SiteLink } from "@opta/ui/site-link.tsx";
import type { Metadata } from "next";
import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { z } from "zod";
import { AccountFrame, AccountUnread } from "../../../account/account-frame.tsx";
import { accountsContext } from "../../../env.ts";
import type { FormMessage } from "../../../forms/form-error.ts";
import { fieldError } from "../../../forms/form-page.tsx";
import { longestNameCharacters } from "../../../forms/name-rules.ts";
import { readPageInput, type SearchParameters, titleWithError } from "../../../forms/page-input.ts";
import { SubmitButton } from "../../../forms/submit-button.tsx";
import { HostFacts, HostState } from "../../../hosts/host-facts.tsx";
import { InviteCard, NewLinkCard, OpenInvitesCard } from "../../../hosts/invite-cards.tsx";
import { readNewLink } from "../../../hosts/link-cookies.ts";
import { MemberList } from "../../../hosts/member-list.tsx";
import { HandOverCard, LeaveCard, RevokeCard } from "../../../hosts/ownership-cards.tsx";
import { type HostDetail, readHost } from "../../../hosts/read-hosts.ts";

interface HostPageProps {
	readonly params: Promise<{ readonly hostId: string }>;
	readonly searchParams: SearchParameters;
}

const endings: Readonly<Record<string, string>> = {
	name: "The name is saved",
	role: "The role is changed; it holds within a minute",
	removed: "The member is removed, and out within a minute",
	"handed-over": "The host is handed over; you are its operator now",
	joined: "Welcome: you are a member of this host",
	link: "The link is made",
	mail: "The invitation waits for whoever has that address; if it has an account, a mail is on its way",
	withdrawn: "The invitation is withdrawn",
};

export function generateMetadata({ searchParams }: HostPageProps): Promise<Metadata> {
	return titleWithError("Host", searchParams);
}

function RenameForm({ host, error }: { readonly host: HostDetail; readonly error: string | undefined }) {
	return (
		<form method="post" action="/api/hosts/rename" className="flex flex-wrap items-end gap-3">
			<input type="hidden" name="host" value={host.id} />
			<Field
				label="Name"
				name="name"
				autoComplete="off"
				required
				maxLength={longestNameCharacters}
				defaultValue={host.name}
				error={error}
				className="min-w-56 flex-1"
			/>
			<SubmitButton label="Rename" pendingLabel="Renaming …" variant="secondary" className="h-11" />
		</form>
	);
}

interface CardsProps {
	readonly host: HostDetail;
	readonly newLink: string | null;
	readonly message: FormMessage | null;
	/** Which of the two forms with a password the message is about. */
	readonly form: unknown;
}

function OwnerCards({ host, message, form }: Omit<CardsProps, "newLink">) {
	return (
		<>
			<InviteCard hostId={host.id} emailError={fieldError(message, "email")} />
			{host.invites.length === 0 ? null : <OpenInvitesCard hostId={host.id} invites={host.invites} />}
			<div className="grid items-start gap-6 lg:grid-cols-2">
				<HandOverCard host={host} message={form === "hand-over" ? message : null} />
				<RevokeCard host={host} message={form === "hand-over" ? null : message} />
			</div>
		</>
	);
}

function HostCards({ nowMs, newLink, ...cards }: CardsProps & { readonly nowMs: number }) {
	const { host, message } = cards;
	const isOwner = host.role === "owner";
	return (
		<>
			{newLink === null ? null : <NewLinkCard hostId={host.id} link={newLink} />}
			<Card title="This host" aside={<HostState host={host} nowMs={nowMs} />}>
				{isOwner ? <RenameForm host={host} error={fieldError(message, "name")} /> : null}
				<p className={`text-sm text-muted ${isOwner ? "mt-5" : ""}`}>
					<HostFacts host={host} />
				</p>
				<SiteLink site="lmx" path={`/?host=${encodeURIComponent(host.id)}`} className={buttonClassName("secondary", "mt-4")}>
					Dashboard
				</SiteLink>
			</Card>
			<Card title="Members">
				<MemberList host={host} />
				{isOwner ? null : <p className="mt-4 text-sm text-muted">Only the owner sees the other members.</p>}
			</Card>
			{isOwner ? <OwnerCards {...cards} /> : <LeaveCard host={host} />}
		</>
	);
}

export default async function HostPage({ params, searchParams }: HostPageProps) {
	const session = await requireUser();
	const context = accountsContext();
	const { addressing } = context.configuration;
	const hostId = z.uuid().safeParse((await params).hostId).data;
	if (hostId === undefined) {
		notFound();
	}
	const { message, all } = await readPageInput(searchParams, addressing);
	const host = await readHost(context, session, hostId);
	if (host.state === "ok" && host.value === null) {
		notFound();
	}
	const isLinkOpen = host.state === "ok" && host.value?.invites.some(({ email }) => email === null);
	const secret = isLinkOpen ? readNewLink(context.portal.key, session.user.id, hostId, (await headers()).get("cookie")) : null;
	return (
		<AccountFrame
			current="/hosts"
			title={host.state === "ok" ? (host.value?.name ?? "Host") : "Host"}
			lead="Who may use it, and who owns it."
			message={message}
			done={typeof all.done === "string" ? (endings[all.done] ?? null) : null}
		>
			{host.state !== "ok" ? (
				<AccountUnread state={host.state} path="/hosts" />
			) : host.value === null ? null : (
				<HostCards
					host={host.value}
					newLink={secret === null ? null : siteUrl(addressing, "accounts", `/hosts/join#${secret}`)}
					message={message}
					form={all.form}
					nowMs={Date.now()}
				/>
			)}
		</AccountFrame>
	);
}
