import { ButtonLink } from "@opta/ui/button.tsx";
import { Field } from "@opta/ui/field.tsx";
import { Notice } from "@opta/ui/notice.tsx";
import type { Metadata } from "next";
import { headers } from "next/headers";
import { accountsContext } from "../../env.ts";
import type { FormMessage } from "../../forms/form-error.ts";
import { readFormMemory } from "../../forms/form-memory.ts";
import { FormPage, fieldError } from "../../forms/form-page.tsx";
import { readPageInput, type SearchParameters, titleWithError } from "../../forms/page-input.ts";
import { SubmitButton } from "../../forms/submit-button.tsx";

interface CheckMailPageProps {
	readonly searchParams: SearchParameters;
}

export function generateMetadata({ searchParams }: CheckMailPageProps): Promise<Metadata> {
	return titleWithError("Check your mail", searchParams);
}

function Mailbox({ url }: { readonly url: string }) {
	return (
		<div className="rounded-lg border border-line bg-surface p-5">
			<p className="text-sm text-muted">
				This platform runs on your own machine and sends its mail nowhere: it arrives in the local mailbox.
			</p>
			<ButtonLink href={url} className="mt-4">
				Open the mailbox
			</ButtonLink>
		</div>
	);
}

function NoAccountMail({ tryAgain }: { readonly tryAgain: string }) {
	return (
		<p className="text-sm text-muted">
			An address without an account gets no mail.{" "}
			<a className="link" href={tryAgain}>
				Try another address
			</a>
			.
		</p>
	);
}

function NoConfirmationMail({ email, message }: { readonly email: string; readonly message: FormMessage | null }) {
	return (
		<>
			<p className="text-sm text-muted">
				An address that already has an account gets no mail:{" "}
				<a className="link" href="/sign-in">
					sign in
				</a>{" "}
				instead.
			</p>
			<details className="text-sm" open={message !== null || email === ""}>
				<summary className="w-max font-mono text-[0.8125rem] text-muted hover:text-ink">No mail came</summary>
				<p className="mt-3 text-muted">Look where your mail program puts unwanted mail. If it is not there either, have it sent again.</p>
				<form method="post" action="/api/resend" className="mt-4 space-y-4">
					<Field
						label="E-mail"
						name="email"
						type="email"
						autoComplete="username"
						required
						maxLength={254}
						defaultValue={email}
						error={fieldError(message, "email")}
					/>
					<SubmitButton label="Send the mail again" pendingLabel="Sending …" variant="secondary" />
				</form>
			</details>
		</>
	);
}

export default async function CheckMailPage({ searchParams }: CheckMailPageProps) {
	const { configuration, mailboxUrl } = accountsContext();
	const { message, all } = await readPageInput(searchParams, configuration.addressing);
	const { email } = readFormMemory((await headers()).get("cookie"));
	const isRecovery = all.for === "password";
	const isLink = all.for === "link";
	const lead = (
		<>
			Open the link in the mail to {email === "" ? "you" : <strong className="font-medium break-words text-ink">{email}</strong>}
			{isRecovery ? " and choose a new password." : isLink ? " and you are signed in." : " and confirm the address."}
		</>
	);
	return (
		<FormPage title="Check your mail" lead={lead} message={message}>
			{all.sent === "again" ? <Notice tone="ok" title="If this address waits to be confirmed, another mail is on its way" /> : null}
			{mailboxUrl === null ? null : <Mailbox url={mailboxUrl} />}
			{isRecovery || isLink ? (
				<NoAccountMail tryAgain={isLink ? "/sign-in" : "/forgot-password"} />
			) : (
				<NoConfirmationMail email={email} message={message} />
			)}
		</FormPage>
	);
}
