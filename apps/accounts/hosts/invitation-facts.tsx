import { SubmitButton } from "../forms/submit-button.tsx";
import { When } from "../sessions/when.tsx";
import type { Invitation } from "./invites.ts";
import { roleMeanings } from "./role-words.ts";

/** Who invites to what, and until when. */
export function InvitationFacts({ invitation }: { readonly invitation: Invitation }) {
	const { hostName, role, invitedBy, invitedByEmail, expiresAt } = invitation;
	return (
		<dl className="grid gap-x-6 gap-y-2 text-sm sm:grid-cols-[8rem_1fr]">
			<dt className="text-muted">Host</dt>
			<dd className="font-medium break-words">{hostName}</dd>
			<dt className="text-muted">Invited by</dt>
			<dd className="break-words">
				{invitedBy} <span className="font-mono text-[0.8125rem] break-all text-muted">{invitedByEmail}</span>
			</dd>
			<dt className="text-muted">Your role</dt>
			<dd>
				<span className="mr-2 font-mono text-[0.8125rem]">{role}</span>
				<span className="text-muted">{roleMeanings[role]}</span>
			</dd>
			<dt className="text-muted">Good until</dt>
			<dd>
				<When at={expiresAt} />
			</dd>
		</dl>
	);
}

/** Accepts or declines an invitation: that of an id, or that of the link which this browser opened. */
export function AnswerForm({ inviteId }: { readonly inviteId?: string }) {
	return (
		<form method="post" action="/api/hosts/answer" className="mt-5 flex flex-wrap gap-3">
			{inviteId === undefined ? null : <input type="hidden" name="invite" value={inviteId} />}
			<SubmitButton label="Accept" pendingLabel="Joining …" name="decision" value="accept" />
			<SubmitButton label="Decline" pendingLabel="Declining …" variant="secondary" name="decision" value="decline" />
		</form>
	);
}
