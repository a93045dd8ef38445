import { currentSession } from "@opta/auth/require-user";
import { Field } from "@opta/ui/field.tsx";
import type { Metadata } from "next";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { accountsContext } from "../../env.ts";
import { readFormMemory } from "../../forms/form-memory.ts";
import { FormPage, fieldError } from "../../forms/form-page.tsx";
import { longestNameCharacters } from "../../forms/name-rules.ts";
import { pageAddress } from "../../forms/page-address.ts";
import { readPageInput, type SearchParameters, titleWithError } from "../../forms/page-input.ts";
import { minimumPasswordCharacters } from "../../forms/password-rules.ts";
import { SubmitButton } from "../../forms/submit-button.tsx";
import { ProviderLinks } from "../../oauth/provider-links.tsx";

interface SignUpPageProps {
	readonly searchParams: SearchParameters;
}

export function generateMetadata({ searchParams }: SignUpPageProps): Promise<Metadata> {
	return titleWithError("Create an account", searchParams);
}

export default async function SignUpPage({ searchParams }: SignUpPageProps) {
	const { addressing } = accountsContext().configuration;
	const memory = readFormMemory((await headers()).get("cookie"));
	const { target, message } = await readPageInput(searchParams, addressing, memory.redirectTo);
	if ((await currentSession()).state === "signedIn") {
		redirect(target);
	}
	return (
		<FormPage
			title="Create an account"
			lead="One account for every Opta site. You confirm the e-mail address in the next step."
			message={message}
		>
			<form method="post" action="/api/sign-up" className="space-y-5">
				<input type="hidden" name="redirect_to" value={target} />
				<Field
					label="Name"
					name="name"
					autoComplete="name"
					hint="How you appear to people who share a host with you. You can change it later."
					maxLength={longestNameCharacters}
					defaultValue={memory.name}
					error={fieldError(message, "name")}
				/>
				<Field
					label="E-mail"
					name="email"
					type="email"
					autoComplete="username"
					required
					maxLength={254}
					defaultValue={memory.email}
					error={fieldError(message, "email")}
				/>
				<Field
					label="Password"
					name="password"
					type="password"
					autoComplete="new-password"
					hint={`At least ${minimumPasswordCharacters} characters. Four random words are better than one clever one.`}
					required
					minLength={minimumPasswordCharacters}
					error={fieldError(message, "password")}
				/>
				<SubmitButton label="Create account" pendingLabel="Creating the account …" className="w-full" />
			</form>
			<ProviderLinks target={target} />
			<p className="text-sm text-muted">
				Have an account?{" "}
				<a className="link" href={pageAddress(addressing, "/sign-in", { redirect_to: target })}>
					Sign in
				</a>
				.
			</p>
		</FormPage>
	);
}
