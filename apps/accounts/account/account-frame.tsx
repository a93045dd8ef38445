import { buttonClassName } from "@opta/ui/button.tsx";
import { Notice } from "@opta/ui/notice.tsx";
import { PageHeader } from "@opta/ui/page-header.tsx";
import type { ReactNode } from "react";
import type { FormMessage } from "../forms/form-error.ts";
import { SubmitButton } from "../forms/submit-button.tsx";
import { AccountNav, type AccountPage } from "./account-nav.tsx";

interface AccountFrameProps {
	readonly current: AccountPage;
	readonly title: string;
	readonly lead: ReactNode;
	/** What went wrong as a whole; messages about one field stand at the field. */
	readonly message: FormMessage | null;
	/** What was just done. */
	readonly done?: string | null;
	readonly children: ReactNode;
}

/** A page of the account: heading, links to the other pages, what happened last. */
export function AccountFrame({ current, title, lead, message, done = null, children }: AccountFrameProps) {
	return (
		<div className="frame pb-24">
			<PageHeader
				title={title}
				lead={lead}
				actions={
					<form method="post" action="/sign-out">
						<SubmitButton label="Sign out" pendingLabel="Signing out …" variant="secondary" />
					</form>
				}
			/>
			<AccountNav current={current} />
			<div className="space-y-6">
				{message === null || message.field !== null ? null : (
					<Notice tone="bad" title={message.title}>
						<p>{message.advice}</p>
					</Notice>
				)}
				{done !== null && message === null ? <Notice tone="ok" title={done} /> : null}
				{children}
			</div>
		</div>
	);
}

/** In place of what could not be read. */
export function AccountUnread({ state, path }: { readonly state: "sessionEnded" | "unavailable"; readonly path: AccountPage }) {
	if (state === "unavailable") {
		return (
			<Notice tone="bad" title="Your account cannot be shown right now">
				<p>You are signed in, but the account service cannot be reached.</p>
				<a href={path} className={buttonClassName("secondary", "mt-4")}>
					Try again
				</a>
			</Notice>
		);
	}
	return (
		<Notice tone="warn" title="This session is over">
			<p>It was ended elsewhere: by a sign-out, or by a new password.</p>
			<form method="post" action="/sign-out" className="mt-4">
				<SubmitButton label="Sign in again" pendingLabel="One moment …" variant="secondary" />
			</form>
		</Notice>
	);
}
