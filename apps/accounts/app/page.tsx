import { requireUser } from "@opta/auth/require-user";
import { Card } from "@opta/ui/card.tsx";
import { StateMark } from "@opta/ui/state-mark.tsx";
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { type Account, readAccount } from "../account/account-data.ts";
import { AccountFrame, AccountUnread } from "../account/account-frame.tsx";
import { HostList } from "../account/host-list.tsx";
import { NameForm } from "../account/name-form.tsx";
import { accountsContext } from "../env.ts";
import type { FormMessage } from "../forms/form-error.ts";
import { fieldError } from "../forms/form-page.tsx";
import { pageAddress } from "../forms/page-address.ts";
import { readPageInput, type SearchParameters, titleWithError } from "../forms/page-input.ts";
import { readWaitingInvites } from "../hosts/invites.ts";
import { providerErrorOf } from "../oauth/provider-error.ts";

interface AccountPageProps {
	readonly searchParams: SearchParameters;
}

export function generateMetadata({ searchParams }: AccountPageProps): Promise<Metadata> {
	return titleWithError("Your account", searchParams);
}

function AccountCards({
	account,
	email,
	waitingInvites,
	message,
}: {
	readonly account: Account;
	readonly waitingInvites: number;
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
				{account.isPlatformAdmin ? (
					<p className="mt-6 text-sm">
						<a className="link" href="/diagnostics">
							Diagnostics
						</a>{" "}
						<span className="text-muted">of accounts and its back end</span>
					</p>
				) : null}
			</Card>
			<Card title="Hosts">
				<HostList hosts={account.hosts} waitingInvites={waitingInvites} />
			</Card>
		</div>
	);
}

export default async function AccountPage({ searchParams }: AccountPageProps) {
	const context = accountsContext();
	const { configuration } = context;
	const { message, all } = await readPageInput(searchParams, configuration.addressing);
	// Where the back end cannot tell which sign-in by a provider an answer belongs to, it sends the browser here.
	if (typeof all.error_code === "string") {
		redirect(pageAddress(configuration.addressing, "/sign-in", { error: providerErrorOf(null, all.error_code) }));
	}
	const session = await requireUser();
	const [account, waiting] = await Promise.all([readAccount(configuration, session), readWaitingInvites(context, session)]);
	const lead = (
		<>
			Signed in as <span className="break-all text-ink">{session.user.email}</span>, on every Opta site in this browser.
		</>
	);
	return (
		<AccountFrame current="/" title="Your account" lead={lead} message={message} done={all.saved === "name" ? "Your name is saved" : null}>
			{account.state === "ok" ? (
				<AccountCards
					account={account.value}
					email={session.user.email}
					waitingInvites={waiting.state === "ok" ? waiting.value.length : 0}
					message={message}
				/>
			) : (
				<AccountUnread state={account.state} path="/" />
			)}
		</AccountFrame>
	);
}
