import { currentSession } from "@opta/auth/require-user";
import { Field } from "@opta/ui/field.tsx";
import { Notice } from "@opta/ui/notice.tsx";
import type { Metadata } from "next";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { accountsContext } from "../../env.ts";
import { readFormMemory } from "../../forms/form-memory.ts";
import { FormPage } from "../../forms/form-page.tsx";
import { pageAddress } from "../../forms/page-address.ts";
import { readPageInput, type SearchParameters, siteTitleOf, titleWithError } from "../../forms/page-input.ts";
import { SubmitButton } from "../../forms/submit-button.tsx";
import { ProviderLinks } from "../../oauth/provider-links.tsx";

interface SignInPageProps {
	readonly searchParams: SearchParameters;
}

export function generateMetadata({ searchParams }: SignInPageProps): Promise<Metadata> {
	return titleWithError("Sign in", searchParams);
}

function SignedOutNotice({ where }: { readonly where: unknown }) {
	if (where === "everywhere") {
		return <Notice tone="ok" title="You are signed out on every Opta site in this browser" />;
	}
	if (where === "here-only") {
		return (
			<Notice tone="warn" title="You are signed out in this browser">
				<p>The account service could not be reached, so it does not know yet. The session ends there by itself.</p>
			</Notice>
		);
	}
	return null;
}

export default async function SignInPage({ searchParams }: SignInPageProps) {
	const { addressing } = accountsContext().configuration;
	const memory = readFormMemory((await headers()).get("cookie"));
	const { target, message, all } = await readPageInput(searchParams, addressing, memory.redirectTo);
	const session = await currentSession();
	if (session.state === "signedIn" && message === null) {
		redirect(target);
	}
	if (session.state === "expired" && message === null) {
		redirect(pageAddress(addressing, "/refresh", { redirect_to: target }));
	}
	const onward = siteTitleOf(target, addressing);
	const lead = onward === null ? "One account for every Opta site." : `Then you go on to ${onward}.`;
	return (
		<FormPage title="Sign in" lead={lead} message={message}>
			<SignedOutNotice where={all.signed_out} />
			<form method="post" action="/api/sign-in" className="space-y-5">
				<input type="hidden" name="redirect_to" value={target} />
				<Field label="E-mail" name="email" type="email" autoComplete="username" required maxLength={254} defaultValue={memory.email} />
				<Field label="Password" name="password" type="password" autoComplete="current-password" required />
				<SubmitButton label="Sign in" pendingLabel="Signing in …" className="w-full" />
			</form>
			<ProviderLinks target={target} />
			<details className="border-t border-line pt-5">
				<summary className="w-max text-sm text-muted hover:text-ink">Sign in by a mail link instead</summary>
				<form method="post" action="/api/sign-in-link" className="mt-4 space-y-4">
					<input type="hidden" name="redirect_to" value={target} />
					<Field
						label="Address for the link"
						name="email"
						type="email"
						autoComplete="email"
						required
						maxLength={254}
						defaultValue={memory.email}
					/>
					<SubmitButton label="Send the link" pendingLabel="Sending …" variant="secondary" />
				</form>
			</details>
			<p className="text-sm text-muted">
				<a className="link" href="/forgot-password">
					Forgot the password?
				</a>
			</p>
			<p className="text-sm text-muted">
				{all.error === "unconfirmed" ? (
					<>
						No mail?{" "}
						<a className="link" href="/check-mail">
							Have it sent again
						</a>
						.
					</>
				) : (
					<>
						No account yet?{" "}
						<a className="link" href={pageAddress(addressing, "/sign-up", { redirect_to: target })}>
							Create an account
						</a>
						.
					</>
				)}
			</p>
		</FormPage>
	);
}
