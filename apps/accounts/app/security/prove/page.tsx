import { requireUser } from "@opta/auth/require-user";
import { siteUrl } from "@opta/contracts/site-url";
import { ButtonLink } from "@opta/ui/button.tsx";
import { Field } from "@opta/ui/field.tsx";
import type { Metadata } from "next";
import { accountsContext } from "../../../env.ts";
import { formMessages } from "../../../forms/form-error.ts";
import { FormPage } from "../../../forms/form-page.tsx";
import { readPageInput, type SearchParameters, titleWithError } from "../../../forms/page-input.ts";
import { SubmitButton } from "../../../forms/submit-button.tsx";
import { ProvePasskey } from "../../../second-factor/prove-passkey.tsx";
import { needsProof, readSecondFactors } from "../../../second-factor/read-second-factors.ts";

interface ProvePageProps {
	readonly searchParams: SearchParameters;
}

const title = "Prove that it is you";

export function generateMetadata({ searchParams }: ProvePageProps): Promise<Metadata> {
	return titleWithError(title, searchParams);
}

export default async function ProvePage({ searchParams }: ProvePageProps) {
	const session = await requireUser();
	const context = accountsContext();
	const { target, message } = await readPageInput(
		searchParams,
		context.configuration.addressing,
		siteUrl(context.configuration.addressing, "accounts", "/security"),
	);
	const factors = await readSecondFactors(context, session);
	const lead = "This needs your second factor. Afterwards you go on where you were; for ten minutes you are not asked again.";
	if (factors !== null && !needsProof(factors)) {
		return (
			<FormPage title={title} lead="Nothing has to be proved now.">
				<ButtonLink href={target}>Go on</ButtonLink>
			</FormPage>
		);
	}
	return (
		<FormPage title={title} lead={lead} message={factors === null ? formMessages.unavailable : message}>
			{factors !== null && factors.passkeyCount > 0 ? <ProvePasskey target={target} /> : null}
			<form method="post" action="/api/second-factor/prove" className="space-y-5">
				<input type="hidden" name="redirect_to" value={target} />
				<Field
					label="Code"
					name="code"
					hint={factors?.hasTotp === false ? "One of your recovery codes." : "Six digits of the app, or one of your recovery codes."}
					autoComplete="one-time-code"
					required
					maxLength={14}
				/>
				<SubmitButton label="Go on" pendingLabel="Checking …" className="w-full" />
			</form>
		</FormPage>
	);
}
