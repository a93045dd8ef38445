import { requireUser } from "@opta/auth/require-user";
import { Notice } from "@opta/ui/notice.tsx";
import type { Metadata } from "next";
import { headers } from "next/headers";
import { accountsContext } from "../../../env.ts";
import { FormPage } from "../../../forms/form-page.tsx";
import { SubmitButton } from "../../../forms/submit-button.tsx";
import { readNewCodes } from "../../../second-factor/new-codes-cookie.ts";
import { showRecoveryCode } from "../../../second-factor/recovery-codes.ts";

export const metadata: Metadata = { title: "Recovery codes" };

export default async function RecoveryCodesPage() {
	const { user } = await requireUser();
	const codes = readNewCodes(accountsContext().portal.key, user.id, (await headers()).get("cookie"));
	if (codes === null) {
		return (
			<FormPage title="Recovery codes" lead="They are shown once, when they are made.">
				<Notice tone="warn" title="There is nothing to show">
					<p>
						New ones are made when an authenticator app is set up, on the page{" "}
						<a className="link" href="/security">
							ways to sign in
						</a>
						.
					</p>
				</Notice>
			</FormPage>
		);
	}
	return (
		<FormPage
			title="Recovery codes"
			lead="For the day when the app is lost. Print them or put them into a safe place; they are not shown again."
		>
			<ul className="grid grid-cols-2 gap-x-8 gap-y-2 rounded-md border border-edge bg-surface p-5 font-mono">
				{codes.map((code) => (
					<li key={code}>{showRecoveryCode(code)}</li>
				))}
			</ul>
			<p className="text-sm text-muted">Each is good once. Codes that you had before are no longer good.</p>
			<form method="post" action="/api/second-factor/codes-stored">
				<SubmitButton label="I have put them away" pendingLabel="One moment …" className="w-full" />
			</form>
		</FormPage>
	);
}
