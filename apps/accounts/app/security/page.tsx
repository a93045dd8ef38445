import { backEndCapabilities } from "@opta/auth/back-end-capabilities";
import { requireUser } from "@opta/auth/require-user";
import { Card } from "@opta/ui/card.tsx";
import { Field } from "@opta/ui/field.tsx";
import type { Metadata } from "next";
import { AccountFrame, AccountUnread } from "../../account/account-frame.tsx";
import { accountsContext } from "../../env.ts";
import type { FormMessage } from "../../forms/form-error.ts";
import { fieldError } from "../../forms/form-page.tsx";
import { readPageInput, type SearchParameters, titleWithError } from "../../forms/page-input.ts";
import { minimumPasswordCharacters } from "../../forms/password-rules.ts";
import { SubmitButton } from "../../forms/submit-button.tsx";
import { offeredProviders } from "../../oauth/back-end-settings.ts";
import { IdentityCard } from "../../oauth/identity-card.tsx";
import { readSignInWays } from "../../oauth/read-sign-in-ways.ts";
import { FactorCards } from "../../second-factor/factor-cards.tsx";
import { readPasskeys } from "../../second-factor/read-passkeys.ts";
import { readSecondFactors } from "../../second-factor/read-second-factors.ts";
import { PresentPasswordField } from "../../security/present-password-field.tsx";

interface SecurityPageProps {
	readonly searchParams: SearchParameters;
}

const title = "Ways to sign in";

const endings: Readonly<Record<string, string>> = {
	password: "The password is changed; every other session has ended",
	email: "If the address can be used, mails are on their way to the new and to the old one",
	"email-half": "One address is confirmed; now open the link in the other mail",
	"email-changed": "The new address is confirmed",
	"factor-added": "The second factor is on",
	"factor-removed": "The second factor is removed",
	"identity-linked": "The service is linked: it opens this account from now on",
	"identity-unlinked": "The service is removed: it opens this account no more",
	"first-link": "You are signed in. Choose a password, or go on signing in by mail links",
};

export function generateMetadata({ searchParams }: SecurityPageProps): Promise<Metadata> {
	return titleWithError(title, searchParams);
}

function PasswordForm({ hasPassword, message }: { readonly hasPassword: boolean; readonly message: FormMessage | null }) {
	const error = fieldError(message, "password");
	return (
		<form method="post" action="/api/password" className="space-y-5">
			{hasPassword ? (
				<PresentPasswordField label="Present password" error={error} />
			) : (
				<p className="text-sm text-muted">This account has no password. One can be chosen during the first ten minutes after a sign-in.</p>
			)}
			<Field
				label="New password"
				name="new_password"
				type="password"
				autoComplete="new-password"
				required
				minLength={minimumPasswordCharacters}
				error={hasPassword ? undefined : error}
			/>
			<SubmitButton
				label={hasPassword ? "Change the password" : "Choose the password"}
				pendingLabel={hasPassword ? "Changing …" : "Saving …"}
				variant="secondary"
			/>
		</form>
	);
}

function EmailForm({ email, message }: { readonly email: string; readonly message: FormMessage | null }) {
	return (
		<form method="post" action="/api/email" className="space-y-5">
			<p className="text-sm text-muted">
				Now <span className="font-mono break-all text-ink">{email}</span>. The old address is told, and must confirm too.
			</p>
			<Field
				label="New e-mail address"
				name="email"
				type="email"
				autoComplete="email"
				required
				maxLength={254}
				error={fieldError(message, "email")}
			/>
			<PresentPasswordField label="Password" error={fieldError(message, "password")} />
			<SubmitButton label="Change the address" pendingLabel="Sending mails …" variant="secondary" />
		</form>
	);
}

export default async function SecurityPage({ searchParams }: SecurityPageProps) {
	const session = await requireUser();
	const context = accountsContext();
	const { configuration } = context;
	const [factors, passkeys, ways, settings] = await Promise.all([
		readSecondFactors(context, session),
		readPasskeys(context, session),
		readSignInWays(context, session),
		context.backEndSettings(),
	]);
	const { provesNewAddress, linksIdentities } = backEndCapabilities(configuration);
	const { message, all } = await readPageInput(searchParams, configuration.addressing);
	const messageOf = (form: string) => (all.form === form ? message : null);
	return (
		<AccountFrame
			current="/security"
			title={title}
			lead="What opens this account, and what it takes to change that."
			message={message}
			done={typeof all.done === "string" ? (endings[all.done] ?? null) : null}
		>
			<div className="grid items-start gap-6 lg:grid-cols-2">
				<Card title="Password">
					<PasswordForm hasPassword={ways?.hasPassword ?? true} message={messageOf("password")} />
				</Card>
				<div className="space-y-6">
					<Card title="E-mail address">
						{provesNewAddress ? (
							<EmailForm email={session.user.email} message={messageOf("email")} />
						) : (
							<p className="text-sm text-muted">
								<span className="font-mono break-all text-ink">{session.user.email}</span>. It cannot be changed on this machine: the
								embedded account service has no way to prove a new one.
							</p>
						)}
					</Card>
					{ways === null ? null : (
						<IdentityCard ways={ways} offered={offeredProviders(settings)} linksByHand={linksIdentities} message={messageOf("identity")} />
					)}
				</div>
			</div>
			{factors === null || passkeys === null || ways === null ? (
				<AccountUnread state="unavailable" path="/security" />
			) : (
				<FactorCards factors={factors} passkeys={passkeys} message={messageOf("factor")} />
			)}
		</AccountFrame>
	);
}
