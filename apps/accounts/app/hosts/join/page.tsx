import { currentSession } from "@opta/auth/require-user";
import type { SignedInSession } from "@opta/auth/session";
import { buttonClassName } from "@opta/ui/button.tsx";
import { Card } from "@opta/ui/card.tsx";
import type { Metadata } from "next";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { hashOf } from "../../../devices/issue-device-token.ts";
import { accountsContext } from "../../../env.ts";
import { type FormMessage, formMessages } from "../../../forms/form-error.ts";
import { FormPage } from "../../../forms/form-page.tsx";
import { pageAddress } from "../../../forms/page-address.ts";
import { readPageInput, type SearchParameters, titleWithError } from "../../../forms/page-input.ts";
import { CarrySecret } from "../../../hosts/carry-secret.tsx";
import { AnswerForm, InvitationFacts } from "../../../hosts/invitation-facts.tsx";
import { readLinkInvite } from "../../../hosts/invites.ts";
import { readHeldLink } from "../../../hosts/link-cookies.ts";
import { guardAttempt } from "../../../limits/guard-attempt.ts";

interface JoinPageProps {
	readonly searchParams: SearchParameters;
}

const title = "Join a host";

type Found = NonNullable<Extract<Awaited<ReturnType<typeof readLinkInvite>>, { state: "ok" }>["value"]>;

export function generateMetadata({ searchParams }: JoinPageProps): Promise<Metadata> {
	return titleWithError(title, searchParams);
}

async function findInvite(
	session: SignedInSession,
	secret: string,
): Promise<{ readonly found: Found } | { readonly message: FormMessage }> {
	const context = accountsContext();
	const attempt = await guardAttempt(context, "inviteLink", session.user.id, await headers());
	if (!attempt.ok) {
		return { message: formMessages[attempt.error] };
	}
	const invite = await readLinkInvite(context, session, hashOf(secret));
	if (invite.state !== "ok") {
		return { message: formMessages.unavailable };
	}
	return invite.value === null ? { message: formMessages.invite_over } : { found: invite.value };
}

function NoLink() {
	return (
		<>
			<p className="text-sm text-muted">
				Open the whole link that you were given. This page reads it with JavaScript: its secret stands behind the #, so that no server and
				no log is sent it.
			</p>
			<p className="text-sm text-muted">
				Without JavaScript, ask for an invitation to your e-mail address: that one needs no link, it waits among{" "}
				<a className="link" href="/hosts">
					your hosts
				</a>
				.
			</p>
		</>
	);
}

function SignInFirst() {
	const { addressing } = accountsContext().configuration;
	const here = { redirect_to: pageAddress(addressing, "/hosts/join") };
	return (
		<>
			<p className="text-sm text-muted">
				Somebody invites you to use a host. Sign in to see who and to which one; this browser keeps the link for an hour.
			</p>
			<div className="flex flex-wrap gap-3">
				<a href={pageAddress(addressing, "/sign-in", here)} className={buttonClassName("primary")}>
					Sign in
				</a>
				<a href={pageAddress(addressing, "/sign-up", here)} className={buttonClassName("secondary")}>
					Create an account
				</a>
			</div>
		</>
	);
}

function Answer({ invite, email }: { readonly invite: Found; readonly email: string }) {
	return (
		<Card title="You are invited">
			<InvitationFacts invitation={invite} />
			{invite.isMember ? (
				<p className="mt-5 text-sm text-muted">
					You are a member of this host already; accepting would change nothing. Give the link to whom it is meant for.
				</p>
			) : (
				<>
					<p className="mt-5 text-sm text-muted">
						You join as <span className="break-all text-ink">{email}</span>; the owner sees this address and your name.
					</p>
					<AnswerForm />
				</>
			)}
		</Card>
	);
}

export default async function JoinPage({ searchParams }: JoinPageProps) {
	const { addressing } = accountsContext().configuration;
	const { message } = await readPageInput(searchParams, addressing);
	const secret = readHeldLink((await headers()).get("cookie"));
	const session = await currentSession();
	if (secret !== null && session.state === "expired") {
		redirect(pageAddress(addressing, "/refresh", { redirect_to: pageAddress(addressing, "/hosts/join") }));
	}
	const invite = secret !== null && session.state === "signedIn" ? await findInvite(session, secret) : null;
	const problem = message ?? (invite !== null && "message" in invite ? invite.message : null);
	return (
		<FormPage title={title} lead="An invitation by link is good once, for seven days." message={problem}>
			<CarrySecret />
			{secret === null ? <NoLink /> : null}
			{secret !== null && session.state !== "signedIn" ? <SignInFirst /> : null}
			{invite !== null && "found" in invite && session.state === "signedIn" ? (
				<Answer invite={invite.found} email={session.user.email} />
			) : null}
		</FormPage>
	);
}
