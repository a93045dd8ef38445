import { requireUser } from "@opta/auth/require-user";
import { Button } from "@opta/ui/button.tsx";
import { Card } from "@opta/ui/card.tsx";
import { Field } from "@opta/ui/field.tsx";
import { Notice } from "@opta/ui/notice.tsx";
import type { Metadata } from "next";
import { AccountFrame, AccountUnread } from "../../account/account-frame.tsx";
import { readDeletion } from "../../data/read-deletion.ts";
import { accountsContext } from "../../env.ts";
import type { FormMessage } from "../../forms/form-error.ts";
import { fieldError } from "../../forms/form-page.tsx";
import { readPageInput, type SearchParameters, titleWithError } from "../../forms/page-input.ts";
import { SubmitButton } from "../../forms/submit-button.tsx";
import { PresentPasswordField } from "../../security/present-password-field.tsx";
import { When } from "../../sessions/when.tsx";

interface DataPageProps {
	readonly searchParams: SearchParameters;
}

const title = "Your data";

const endings: Readonly<Record<string, string>> = {
	asked: "Your account will be deleted; everything else is signed out already",
	kept: "Your account stays",
};

export function generateMetadata({ searchParams }: DataPageProps): Promise<Metadata> {
	return titleWithError(title, searchParams);
}

function DeleteForm({ email, message }: { readonly email: string; readonly message: FormMessage | null }) {
	return (
		<form method="post" action="/api/account/delete" className="space-y-5">
			<div className="text-sm text-muted">
				<p>Every other session and every device is signed out at once. After fourteen days, and not before, this is deleted for good:</p>
				<ul className="mt-2 list-disc space-y-1 pl-5">
					<li>your profile, your ways to sign in and your security log,</li>
					<li>your vault with all its versions; nobody can bring it back,</li>
					<li>your memberships and invitations,</li>
					<li>
						what others have of your hosts: hosts that you own are revoked, and nobody can use them until they are claimed anew. Hand a host
						over first, under{" "}
						<a className="link" href="/hosts">
							hosts
						</a>
						, if it is to stay in use. Models and files stay on it.
					</li>
				</ul>
				<p className="mt-2">Until then you can sign in here and keep the account.</p>
			</div>
			<Field
				label={`Type ${email} to confirm`}
				name="confirm"
				autoComplete="off"
				required
				maxLength={254}
				error={fieldError(message, "email")}
			/>
			<PresentPasswordField label="Password" error={fieldError(message, "password")} />
			<SubmitButton label="Delete my account" pendingLabel="One moment …" variant="danger" />
		</form>
	);
}

function KeepForm({ dueAt }: { readonly dueAt: Date }) {
	return (
		<Notice tone="warn" title="This account will be deleted">
			<p>
				On <When at={dueAt} />. Until then nothing is lost.
			</p>
			<form method="post" action="/api/account/keep" className="mt-4">
				<SubmitButton label="Keep my account" pendingLabel="One moment …" variant="secondary" />
			</form>
		</Notice>
	);
}

export default async function DataPage({ searchParams }: DataPageProps) {
	const session = await requireUser();
	const { configuration } = accountsContext();
	const { message, all } = await readPageInput(searchParams, configuration.addressing);
	const deletion = await readDeletion(configuration, session);
	return (
		<AccountFrame
			current="/data"
			title={title}
			lead="Take it with you, or take it away."
			message={message}
			done={typeof all.done === "string" ? (endings[all.done] ?? null) : null}
		>
			{deletion.state === "ok" ? (
				<div className="grid items-start gap-6 lg:grid-cols-2">
					<Card title="Export">
						<p className="text-sm text-muted">
							One archive with your profile, sessions, devices, hosts and security log. Vault items are exported on the vault page, where
							their key is.
						</p>
						<form method="post" action="/api/export" className="mt-5">
							<Button type="submit" variant="secondary">
								Download everything
							</Button>
						</form>
					</Card>
					<Card title="Delete the account">
						{deletion.value === null ? <DeleteForm email={session.user.email} message={message} /> : <KeepForm dueAt={deletion.value} />}
					</Card>
				</div>
			) : (
				<AccountUnread state={deletion.state} path="/data" />
			)}
		</AccountFrame>
	);
}
