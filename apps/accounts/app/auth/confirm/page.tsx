import { Field } from "@opta/ui/field.tsx";
import type { Metadata } from "next";
import { accountsContext } from "../../../env.ts";
import { readLinkType } from "../../../forms/confirm-address.ts";
import { formMessages } from "../../../forms/form-error.ts";
import { FormPage, fieldError } from "../../../forms/form-page.tsx";
import { readPageInput, type SearchParameters, titleWithError } from "../../../forms/page-input.ts";
import { minimumPasswordCharacters } from "../../../forms/password-rules.ts";
import { SubmitButton } from "../../../forms/submit-button.tsx";
import { isPlainLink } from "../../../security/confirm-link.ts";

interface ConfirmPageProps {
	readonly searchParams: SearchParameters;
}

const plainWords = {
	magiclink: { title: "Sign in", lead: "The link is good; one click, and you are in.", button: "Sign in", pending: "Signing in …" },
	email_change: {
		title: "Confirm the new address",
		lead: "The change needs the link in the other mail too.",
		button: "Confirm",
		pending: "Confirming …",
	},
};

const words = {
	confirm: {
		title: "Confirm your e-mail address",
		lead: "Type the password that you chose, and you are signed in.",
		label: "Password",
		hint: "From now on no other password opens the account, should somebody else have opened it with your address.",
		button: "Confirm and sign in",
		pending: "Confirming …",
		stranger: "If you did not ask for an account here, close this page; nothing happens without your confirmation.",
	},
	recover: {
		title: "Choose a new password",
		lead: "It replaces the old one at once, and every other session of the account ends.",
		label: "New password",
		hint: `At least ${minimumPasswordCharacters} characters. Four random words are better than one clever one.`,
		button: "Save and sign in",
		pending: "Saving …",
		stranger: "If you did not ask for this, close this page; the old password stays.",
	},
};

function wordsFor(type: unknown): (typeof words)["confirm"] {
	if (isPlainLink(type)) {
		return { ...words.confirm, ...plainWords[type] };
	}
	return readLinkType(type) === "recovery" ? words.recover : words.confirm;
}

export async function generateMetadata({ searchParams }: ConfirmPageProps): Promise<Metadata> {
	return titleWithError(wordsFor((await searchParams).type).title, searchParams);
}

export default async function ConfirmPage({ searchParams }: ConfirmPageProps) {
	const { message, all } = await readPageInput(searchParams, accountsContext().configuration.addressing);
	const { title, lead, label, hint, button, pending, stranger } = wordsFor(all.type);
	const isPlain = isPlainLink(all.type);
	const tokenHash = typeof all.token_hash === "string" ? all.token_hash : "";
	if (tokenHash === "") {
		return (
			<FormPage title={title} lead="This needs the whole link from the mail." message={message ?? formMessages.link_over}>
				<p className="text-sm text-muted">
					<a className="link" href="/sign-in">
						Sign in
					</a>
					,{" "}
					<a className="link" href="/sign-up">
						create an account
					</a>{" "}
					or{" "}
					<a className="link" href="/forgot-password">
						choose a new password
					</a>
					.
				</p>
			</FormPage>
		);
	}
	return (
		<FormPage title={title} lead={lead} message={message}>
			<form method="post" action={isPlain ? "/api/confirm-link" : "/api/confirm"} className="space-y-5">
				<input type="hidden" name="token_hash" value={tokenHash} />
				<input type="hidden" name="type" value={isPlain ? String(all.type) : readLinkType(all.type)} />
				{isPlain ? null : (
					<Field
						label={label}
						name="password"
						type="password"
						autoComplete="new-password"
						hint={hint}
						required
						minLength={minimumPasswordCharacters}
						error={fieldError(message, "password")}
					/>
				)}
				<SubmitButton label={button} pendingLabel={pending} className="w-full" />
			</form>
			<p className="text-sm text-muted">{stranger}</p>
		</FormPage>
	);
}
