import { Card } from "@opta/ui/card.tsx";
import { CodeBlock } from "@opta/ui/code-block.tsx";
import { Field } from "@opta/ui/field.tsx";
import { SubmitButton } from "../forms/submit-button.tsx";
import { When } from "../sessions/when.tsx";
import type { OpenInvite } from "./invites.ts";
import { RoleField } from "./role-field.tsx";

/** A link that was just made; it is shown until its owner says that it is copied, ten minutes at most. */
export function NewLinkCard({ hostId, link }: { readonly hostId: string; readonly link: string }) {
	return (
		<Card title="The new link">
			<p className="max-w-prose text-sm text-muted">
				Give it to one person, by a way that only they read: whoever opens it first joins. It is not shown again.
			</p>
			<CodeBlock code={link} label="invitation link" className="mt-4" />
			<form method="post" action="/api/hosts/link-copied" className="mt-4">
				<input type="hidden" name="host" value={hostId} />
				<SubmitButton label="I have copied it" pendingLabel="One moment …" variant="secondary" />
			</form>
		</Card>
	);
}

/** The two ways to invite somebody. */
export function InviteCard({ hostId, emailError }: { readonly hostId: string; readonly emailError: string | undefined }) {
	return (
		<Card title="Invite somebody">
			<div className="grid gap-x-10 gap-y-8 lg:grid-cols-2">
				<form method="post" action="/api/hosts/invite-link" className="space-y-4">
					<input type="hidden" name="host" value={hostId} />
					<p className="text-sm text-muted">By a link, which is good for one person. They may create their account with it.</p>
					<RoleField label="Role for the link" />
					<SubmitButton label="Make a link" pendingLabel="Making …" variant="secondary" />
				</form>
				<form method="post" action="/api/hosts/invite-mail" className="space-y-4">
					<input type="hidden" name="host" value={hostId} />
					<p className="text-sm text-muted">
						By e-mail address: the invitation waits among their hosts. If the address has an account, a mail that signs in is sent to it.
					</p>
					<Field label="E-mail address" name="email" type="email" autoComplete="off" required maxLength={254} error={emailError} />
					<RoleField label="Role for the address" />
					<SubmitButton label="Invite" pendingLabel="Inviting …" variant="secondary" />
				</form>
			</div>
			<p className="mt-6 text-sm text-muted">An invitation is good for seven days. Who is invited sees your name and e-mail address.</p>
		</Card>
	);
}

/** The invitations that nobody has answered yet. */
export function OpenInvitesCard({ hostId, invites }: { readonly hostId: string; readonly invites: readonly OpenInvite[] }) {
	return (
		<Card title="Open invitations">
			<ul className="divide-y divide-line">
				{invites.map(({ id, email, role, invitedBy, madeAt, expiresAt }) => (
					<li key={id} className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 py-4 first:pt-0 last:pb-0">
						<div className="min-w-0">
							<p className="font-medium break-all">{email ?? "A link"}</p>
							<p className="mt-1 text-sm text-muted">
								<span className="font-mono text-[0.8125rem] text-ink">{role}</span> · by {invitedBy}, <When at={madeAt} /> · good until{" "}
								<When at={expiresAt} />
							</p>
						</div>
						<form method="post" action="/api/hosts/withdraw">
							<input type="hidden" name="host" value={hostId} />
							<input type="hidden" name="invite" value={id} />
							<SubmitButton label="Withdraw" pendingLabel="Withdrawing …" variant="secondary" />
						</form>
					</li>
				))}
			</ul>
		</Card>
	);
}
