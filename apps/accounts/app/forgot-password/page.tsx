import { Field } from "@opta/ui/field.tsx";
import type { Metadata } from "next";
import { headers } from "next/headers";
import { accountsContext } from "../../env.ts";
import { readFormMemory } from "../../forms/form-memory.ts";
import { FormPage, fieldError } from "../../forms/form-page.tsx";
import { readPageInput, type SearchParameters, titleWithError } from "../../forms/page-input.ts";
import { SubmitButton } from "../../forms/submit-button.tsx";

interface ForgotPasswordPageProps {
	readonly searchParams: SearchParameters;
}

export function generateMetadata({ searchParams }: ForgotPasswordPageProps): Promise<Metadata> {
	return titleWithError("Forgot the password?", searchParams);
}

export default async function ForgotPasswordPage({ searchParams }: ForgotPasswordPageProps) {
	const { message } = await readPageInput(searchParams, accountsContext().configuration.addressing);
	const { email } = readFormMemory((await headers()).get("cookie"));
	return (
		<FormPage title="Forgot the password?" lead="A link for a new one comes by mail." message={message}>
			<form method="post" action="/api/recover" className="space-y-5">
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
				<SubmitButton label="Send the mail" pendingLabel="Sending …" className="w-full" />
			</form>
			<p className="text-sm text-muted">
				Remembered it?{" "}
				<a className="link" href="/sign-in">
					Sign in
				</a>
				.
			</p>
		</FormPage>
	);
}
