import { requireUser } from "@opta/auth/require-user";
import { buttonClassName } from "@opta/ui/button.tsx";
import { Notice } from "@opta/ui/notice.tsx";
import { SiteLink } from "@opta/ui/site-link.tsx";
import type { Metadata } from "next";
import { headers } from "next/headers";
import { findHostClaim, type PendingHost } from "../../../claim/find-host-claim.ts";
import { DeviceFacts } from "../../../devices/device-facts.tsx";
import { EnterCode } from "../../../devices/enter-code.tsx";
import { readUserCode } from "../../../devices/user-code.ts";
import { accountsContext } from "../../../env.ts";
import { formMessages } from "../../../forms/form-error.ts";
import { FormPage } from "../../../forms/form-page.tsx";
import { readPageInput, type SearchParameters, titleWithError } from "../../../forms/page-input.ts";
import { SubmitButton } from "../../../forms/submit-button.tsx";

interface ClaimPageProps {
	readonly searchParams: SearchParameters;
}

const title = "Claim a host";

export function generateMetadata({ searchParams }: ClaimPageProps): Promise<Metadata> {
	return titleWithError(title, searchParams);
}

function Approve({ code, host }: { readonly code: string; readonly host: PendingHost }) {
	return (
		<form method="post" action="/api/host/claim/answer" className="space-y-6">
			<input type="hidden" name="code" value={code} />
			<DeviceFacts
				codeName="fingerprint"
				code={host.fingerprint}
				codeHint="The host's screen shows the same fingerprint. If it shows another one, or none, somebody else sent you this code: refuse."
				facts={[
					["Host", host.name],
					["Version", host.version],
					["Asked from", host.place ?? "this computer or its network"],
					...(host.client === null ? [] : ([["Program", host.client]] as const)),
					["You become", "its owner: you decide who may use it, and may revoke it"],
				]}
			/>
			<div className="flex flex-wrap gap-3">
				<SubmitButton label="Claim it" pendingLabel="Claiming …" name="decision" value="approve" />
				<SubmitButton label="Refuse" pendingLabel="Refusing …" variant="secondary" name="decision" value="refuse" />
			</div>
		</form>
	);
}

function Claimed() {
	return (
		<>
			<Notice tone="ok" title="The host is yours">
				<p>It notices within a few seconds, and says so on its screen.</p>
			</Notice>
			<div className="space-y-2 text-sm">
				<p className="font-medium">What you can do next</p>
				<ul className="list-disc space-y-1 pl-5 text-muted">
					<li>See its models and load in the LMX Dashboard, as soon as its tunnel runs.</li>
					<li>Invite others and give them a role, on the page of your hosts.</li>
				</ul>
			</div>
			<div className="flex flex-wrap gap-3">
				<SiteLink site="lmx" className={buttonClassName("primary")}>
					To the LMX Dashboard
				</SiteLink>
				<a href="/hosts" className={buttonClassName("secondary")}>
					To your hosts
				</a>
			</div>
		</>
	);
}

function Refused() {
	return (
		<>
			<Notice tone="ok" title="The host was refused">
				<p>Nothing was given to it, and nobody owns it.</p>
			</Notice>
			<a href="/hosts" className={buttonClassName("secondary")}>
				To your hosts
			</a>
		</>
	);
}

export default async function ClaimPage({ searchParams }: ClaimPageProps) {
	const context = accountsContext();
	const { message, all } = await readPageInput(searchParams, context.configuration.addressing);
	const session = await requireUser();
	if (all.answered === "approved" || all.answered === "refused") {
		return (
			<FormPage title={title} lead="For the computer that runs the models.">
				{all.answered === "approved" ? <Claimed /> : <Refused />}
			</FormPage>
		);
	}
	const code = readUserCode(all.code);
	const found = code === null ? null : await findHostClaim(context, session, code, await headers());
	const problem =
		all.code !== undefined && code === null
			? formMessages.code_unknown
			: found !== null && "error" in found
				? formMessages[found.error]
				: message;
	if (code !== null && found !== null && "found" in found) {
		return (
			<FormPage title={title} lead="This computer asks to become your host.">
				<Approve code={code} host={found.found} />
			</FormPage>
		);
	}
	const lead = (
		<>
			Start on the host with <code>opta host claim</code>: it shows a code, you type it here.
		</>
	);
	return (
		<FormPage title={title} lead={lead} message={problem}>
			<EnterCode action="/hosts/claim" />
		</FormPage>
	);
}
