import { Card } from "@opta/ui/card.tsx";
import { Field } from "@opta/ui/field.tsx";
import { useId } from "react";
import type { FormMessage } from "../forms/form-error.ts";
import { fieldError } from "../forms/form-page.tsx";
import { SubmitButton } from "../forms/submit-button.tsx";
import { PresentPasswordField } from "../security/present-password-field.tsx";
import type { HostDetail } from "./read-hosts.ts";

interface OwnershipProps {
	readonly host: HostDetail;
	/** What went wrong with this form last time. */
	readonly message: FormMessage | null;
}

/** Gives a host to one of its members. */
export function HandOverCard({ host, message }: OwnershipProps) {
	const id = useId();
	const others = host.members.filter(({ isSelf }) => !isSelf);
	return (
		<Card title="Hand the host over">
			{others.length === 0 ? (
				<p className="text-sm text-muted">Invite somebody first: a host is handed over to one of its members.</p>
			) : (
				<form method="post" action="/api/hosts/hand-over" className="space-y-5">
					<input type="hidden" name="host" value={host.id} />
					<p className="text-sm text-muted">
						The member becomes its owner at once and you an operator, whom they can remove. Open invitations end. You cannot take it back.
					</p>
					<div>
						<label htmlFor={id} className="block text-sm font-medium">
							New owner
						</label>
						<select id={id} name="member" className="mt-2 block h-11 w-full rounded-md border border-edge bg-surface px-3 text-ink">
							{others.map(({ userId, name, email }) => (
								<option key={userId} value={userId}>
									{email === null ? name : `${name} (${email})`}
								</option>
							))}
						</select>
					</div>
					<PresentPasswordField error={fieldError(message, "password")} />
					<SubmitButton label="Hand over" pendingLabel="Handing over …" variant="danger" />
				</form>
			)}
		</Card>
	);
}

/** Takes a host from everybody. */
export function RevokeCard({ host, message }: OwnershipProps) {
	return (
		<Card title="Revoke the host">
			<form method="post" action="/api/hosts/revoke" className="space-y-5">
				<input type="hidden" name="host" value={host.id} />
				<div className="text-sm text-muted">
					<p>For a host that is sold, stolen or set up anew:</p>
					<ul className="mt-2 list-disc space-y-1 pl-5">
						<li>within a minute nobody can use it from elsewhere any more, you neither, and open streams end;</li>
						<li>its members and invitations are forgotten;</li>
						<li>its models and files stay on it. To be used again it must be claimed anew.</li>
					</ul>
				</div>
				<Field
					label={`Type ${host.name} to confirm`}
					name="confirm"
					autoComplete="off"
					required
					maxLength={80}
					error={fieldError(message, "confirm")}
				/>
				<PresentPasswordField error={fieldError(message, "password")} />
				<SubmitButton label="Revoke this host" pendingLabel="Revoking …" variant="danger" />
			</form>
		</Card>
	);
}

/** For members who are not its owner. */
export function LeaveCard({ host }: { readonly host: HostDetail }) {
	return (
		<Card title="Leave the host">
			<form method="post" action="/api/hosts/leave" className="space-y-4">
				<input type="hidden" name="host" value={host.id} />
				<p className="text-sm text-muted">Within a minute you cannot use it any more. To come back you have to be invited again.</p>
				<SubmitButton label="Leave" pendingLabel="Leaving …" variant="danger" />
			</form>
		</Card>
	);
}
