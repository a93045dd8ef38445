import { requireUser } from "@opta/auth/require-user";
import { buttonClassName } from "@opta/ui/button.tsx";
import { Card } from "@opta/ui/card.tsx";
import { Notice } from "@opta/ui/notice.tsx";
import { PageHeader } from "@opta/ui/page-header.tsx";
import { StateMark } from "@opta/ui/state-mark.tsx";
import type { Metadata } from "next";
import { type Account, readAccount } from "../account/account-data.ts";
import { HostList } from "../account/host-list.tsx";
import { NameForm } from "../account/name-form.tsx";
import { accountsContext } from "../env.ts";
import type { FormMessage } from "../forms/form-error.ts";
import { fieldError } from "../forms/form-page.tsx";
import { readPageInput, type SearchParameters, titleWithError } from "../forms/page-input.ts";
import { SubmitButton } from "../forms/submit-button.tsx";

interface AccountPageProps {
	readonly searchParams: SearchParameters;
}

export function generateMetadata({ searchParams }: AccountPageProps): Promise<Metadata> {
	return titleWithError("Your account", searchParams);
}

function SignOutForm() {
	return (
		<form method="post" action="/sign-out">
			<SubmitButton label="Sign out" pendingLabel="Signing out …" variant="secondary" />
		</form>
	);
}

function Unavailable() {
	return (
		<Notice tone="bad" title="Your account cannot be shown right now">
			<p>You are signed in, but the account service cannot be reached.</p>
			<a href="/" className={buttonClassName("secondary", "mt-4")}>
				Try again
			</a>
		</Notice>
	);
}

function SessionOver() {
	return (
		<Notice tone="warn" title="This session is over">
			<p>It was ended elsewhere: by a sign-out, or by a new password.</p>
			<form method="post" action="/sign-out" className="mt-4">
				<SubmitButton label="Sign in again" pendingLabel="One moment …" variant="secondary" />
			</form>
		</Notice>
	);
}

function AccountCards({
	account,
	email,
	message,
}: {
	readonly account: Account;
	readonly email: string;
	readonly message: FormMessage | null;
}) {
	return (
		<div className="grid items-start gap-6 lg:grid-cols-2">
			<Card title="Profile" aside={account.isPlatformAdmin ? <StateMark state="ok" label="platform admin" /> : undefined}>
				<NameForm name={account.name} error={fieldError(message, "name")} />
				<div className="mt-6">
					<p className="text-sm font-medium">E-mail</p>
					<p className="mt-1 font-mono text-sm break-all">{email}</p>
				</div>
			</Card>
			<Card title="Hosts">
				<HostList hosts={account.hosts} />
			</Card>
		</div>
	);
}

export default async function AccountPage({ searchParams }: AccountPageProps) {
	const session = await requireUser();
	const { configuration } = accountsContext();
	const { message, all } = await readPageInput(searchParams, configuration.addressing);
	const account = await readAccount(configuration, session);
	return (
		<div className="frame pb-24">
			<PageHeader
				title="Your account"
				lead={
					<>
						Signed in as <span className="break-all text-ink">{session.user.email}</span>, on every Opta site in this browser.
					</>
				}
				actions={<SignOutForm />}
			/>
			<div className="space-y-6">
				{message === null || message.field !== null ? null : (
					<Notice tone="bad" title={message.title}>
						<p>{message.advice}</p>
					</Notice>
				)}
				{all.saved === "name" && message === null ? <Notice tone="ok" title="Your name is saved" /> : null}
				{account.state === "ok" ? <AccountCards account={account.value} email={session.user.email} message={message} /> : null}
				{account.state === "unavailable" ? <Unavailable /> : null}
				{account.state === "sessionEnded" ? <SessionOver /> : null}
			</div>
		</div>
	);
}
