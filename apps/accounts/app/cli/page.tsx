import { confirmCode } from "@opta/auth/device-credential/confirm-code";
import { requireUser } from "@opta/auth/require-user";
import { type CliPageQuery, cliPageQuerySchema } from "@opta/contracts/schema/device-sign-in";
import { Notice } from "@opta/ui/notice.tsx";
import type { Metadata } from "next";
import { DeviceFacts } from "../../devices/device-facts.tsx";
import { accountsContext } from "../../env.ts";
import { FormPage } from "../../forms/form-page.tsx";
import { readPageInput, type SearchParameters, titleWithError } from "../../forms/page-input.ts";
import { SubmitButton } from "../../forms/submit-button.tsx";

interface CliPageProps {
	readonly searchParams: SearchParameters;
}

export function generateMetadata({ searchParams }: CliPageProps): Promise<Metadata> {
	return titleWithError("Sign in a terminal", searchParams);
}

function NoRequest({ wasRefused }: { readonly wasRefused: boolean }) {
	return wasRefused ? (
		<Notice tone="ok" title="The terminal was not signed in">
			<p>Nothing was given to it. You can close this page.</p>
		</Notice>
	) : (
		<Notice tone="bad" title="This link is not complete">
			<p>
				Start again in the terminal with <code>opta account login</code>, and open the whole link that it shows.
			</p>
		</Notice>
	);
}

function Approve({ query }: { readonly query: CliPageQuery }) {
	const { name, kind, port, challenge, key, state } = query;
	return (
		<form method="post" action="/api/cli/approve" className="space-y-6">
			{Object.entries({ name, kind, challenge, key, state, port: port?.toString() ?? "" }).map(([field, value]) => (
				<input key={field} type="hidden" name={field} value={value} />
			))}
			<DeviceFacts
				codeName="code"
				code={confirmCode(challenge, key)}
				codeHint="The terminal shows the same code. If it shows another one, or none, somebody else sent you this link: refuse."
				facts={[
					["Device", name],
					["Kind", kind],
					["Answer goes to", port === undefined ? "you type a code in the terminal" : `this computer, port ${port}`],
					["It may", "get passes for your hosts, and read and write your vault's encrypted items"],
				]}
			/>
			<div className="flex flex-wrap gap-3">
				<SubmitButton label="Approve" pendingLabel="Approving …" name="decision" value="approve" />
				<SubmitButton label="Refuse" pendingLabel="Refusing …" variant="secondary" name="decision" value="refuse" />
			</div>
		</form>
	);
}

export default async function CliPage({ searchParams }: CliPageProps) {
	const { message, all } = await readPageInput(searchParams, accountsContext().configuration.addressing);
	const { error: _, refused, ...given } = all;
	const query = cliPageQuerySchema.safeParse(given);
	if (!query.success) {
		return (
			<FormPage title="Sign in a terminal" lead="A terminal asks to be signed in as you.">
				<NoRequest wasRefused={refused === "1"} />
			</FormPage>
		);
	}
	const session = await requireUser();
	const lead = (
		<>
			It will act as <span className="break-all text-ink">{session.user.email}</span> until you revoke it.
		</>
	);
	return (
		<FormPage title="Sign in a terminal" lead={lead} message={message}>
			<Approve query={query.data} />
		</FormPage>
	);
}
