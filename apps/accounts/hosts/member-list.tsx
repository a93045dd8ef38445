import { StateMark } from "@opta/ui/state-mark.tsx";
import { SubmitButton } from "../forms/submit-button.tsx";
import { When } from "../sessions/when.tsx";
import type { HostDetail, HostMember } from "./read-hosts.ts";
import { RoleField } from "./role-field.tsx";
import { roleMeanings } from "./role-words.ts";

function ChangeMember({ hostId, member }: { readonly hostId: string; readonly member: HostMember }) {
	const fields = (
		<>
			<input type="hidden" name="host" value={hostId} />
			<input type="hidden" name="member" value={member.userId} />
		</>
	);
	return (
		<div className="mt-3 flex flex-wrap items-end gap-3">
			<form method="post" action="/api/hosts/role" className="flex flex-wrap items-end gap-3">
				{fields}
				<RoleField label={`Role of ${member.name}`} chosen={member.role} className="w-72 max-w-full" />
				<SubmitButton label="Change" pendingLabel="Changing …" variant="secondary" className="h-11" />
			</form>
			<form method="post" action="/api/hosts/remove">
				{fields}
				<SubmitButton label={`Remove ${member.name}`} pendingLabel="Removing …" variant="danger" className="h-11" />
			</form>
		</div>
	);
}

function Member({ host, member }: { readonly host: HostDetail; readonly member: HostMember }) {
	const { name, email, role, since, invitedBy, isSelf } = member;
	return (
		<li className="py-4 first:pt-0 last:pb-0">
			<p className="flex flex-wrap items-baseline gap-x-3 font-medium break-words">
				{name}
				{isSelf ? <StateMark state="ok" label="you" /> : null}
			</p>
			<p className="mt-1 text-sm text-muted">
				<span className="mr-2 font-mono text-[0.8125rem] text-ink">{role}</span>
				{roleMeanings[role]}
			</p>
			<p className="mt-1 text-sm text-muted">
				{email === null ? null : <span className="font-mono text-[0.8125rem] break-all">{email}</span>}
				{email === null ? "" : " · "}since <When at={since} />
				{invitedBy === null ? "" : ` · invited by ${invitedBy}`}
			</p>
			{host.role === "owner" && !isSelf ? <ChangeMember hostId={host.id} member={member} /> : null}
		</li>
	);
}

/** The members of a host; the owner changes their roles and removes them. */
export function MemberList({ host }: { readonly host: HostDetail }) {
	return (
		<ul className="divide-y divide-line">
			{host.members.map((member) => (
				<Member key={member.userId} host={host} member={member} />
			))}
		</ul>
	);
}
