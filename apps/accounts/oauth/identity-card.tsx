import { Card } from "@opta/ui/card.tsx";
import type { FormMessage } from "../forms/form-error.ts";
import { fieldError } from "../forms/form-page.tsx";
import { SubmitButton } from "../forms/submit-button.tsx";
import { PresentPasswordField } from "../security/present-password-field.tsx";
import { When } from "../sessions/when.tsx";
import { type ProviderName, providerTitles } from "./providers.ts";
import type { LinkedIdentity, SignInWays } from "./read-sign-in-ways.ts";

interface IdentityCardProps {
	readonly ways: SignInWays;
	/** Services that are on. */
	readonly offered: readonly ProviderName[];
	/** Whether the back end links a service to an account that is signed in. */
	readonly linksByHand: boolean;
	readonly message: FormMessage | null;
}

interface IdentityEntryProps {
	readonly identity: LinkedIdentity;
	readonly isLast: boolean;
	readonly message: FormMessage | null;
}

function IdentityEntry({ identity, isLast, message }: IdentityEntryProps) {
	const title = providerTitles[identity.provider];
	return (
		<li className="py-3 first:pt-0">
			<p className="font-medium">{title}</p>
			<p className="mt-1 text-sm break-words text-muted">
				{identity.name === "" ? null : (
					<>
						<span className="font-mono">{identity.name}</span>,{" "}
					</>
				)}
				linked <When at={identity.linkedAt} />
			</p>
			{isLast ? (
				<p className="mt-1 text-sm text-muted">It stays until there is a password or another service.</p>
			) : (
				<details className="mt-2" open={message !== null}>
					<summary className="w-max text-sm text-muted hover:text-ink">Remove {title}</summary>
					<form method="post" action="/api/identities/unlink" className="mt-4 space-y-4">
						<input type="hidden" name="id" value={identity.id} />
						<PresentPasswordField error={fieldError(message, "password")} />
						<SubmitButton label={`Remove ${title}`} pendingLabel="Removing …" variant="danger" />
					</form>
				</details>
			)}
		</li>
	);
}

/** Logins at other services that open the account: what is linked, what can be, and what can be removed. */
export function IdentityCard({ ways, offered, linksByHand, message }: IdentityCardProps) {
	const { identities, hasPassword } = ways;
	const linkable = offered.filter((provider) => identities.every((identity) => identity.provider !== provider));
	const isLast = identities.length === 1 && !hasPassword;
	return (
		<Card title="Other services">
			{identities.length === 0 ? (
				<p className="text-sm text-muted">
					{offered.length === 0 ? "No other service can sign people in here." : "No other service opens this account."}
				</p>
			) : (
				<ul className="divide-y divide-line">
					{identities.map((identity) => (
						<IdentityEntry key={identity.id} identity={identity} isLast={isLast} message={message} />
					))}
				</ul>
			)}
			{linkable.length === 0 ? null : linksByHand ? (
				<form method="post" action="/api/identities/link" className="mt-6 space-y-5 border-t border-line pt-6">
					<PresentPasswordField error={fieldError(message, "password")} />
					<div className="flex flex-wrap gap-3">
						{linkable.map((provider) => (
							<SubmitButton
								key={provider}
								label={`Link ${providerTitles[provider]}`}
								pendingLabel="One moment …"
								variant="secondary"
								name="provider"
								value={provider}
							/>
						))}
					</div>
				</form>
			) : (
				<p className="mt-4 text-sm text-muted">
					{linkable.map((provider) => providerTitles[provider]).join(" and ")} is linked by itself when you sign in with it and it vouches
					for the address of this account.
				</p>
			)}
		</Card>
	);
}
