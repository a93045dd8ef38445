"use client";

import type { FoundHost, FoundHosts } from "@opta/contracts/schema/found-hosts";
import type { HostResult } from "@opta/host-client/host-error";
import { Button, ButtonLink } from "@opta/ui/button.tsx";
import { Card } from "@opta/ui/card.tsx";
import { CodeBlock } from "@opta/ui/code-block.tsx";
import { Notice } from "@opta/ui/notice.tsx";
import { PageHeader } from "@opta/ui/page-header.tsx";
import { Spinner } from "@opta/ui/spinner.tsx";
import { problemTitle } from "./host/problem-title.ts";
import { useHostData } from "./host/use-host-data.ts";

interface PairPageProps {
	/** Looks for hosts that announce themselves where the platform runs. */
	readonly findHosts: () => Promise<HostResult<FoundHosts>>;
	/** Address where the code that a host shows is entered. */
	readonly claimHref: string;
	/** Address of the guide to a host's first start. */
	readonly setUpHref: string;
}

/** How a host is added: what to run on it, where its code goes, and the hosts that were found nearby. */
export default function PairPage({ findHosts, claimHref, setUpHref }: PairPageProps) {
	return (
		<div className="frame pb-24">
			<PageHeader
				title="Add a host"
				lead="A host is claimed once: it shows a code, you enter it while you are signed in, and from then on it is yours, from anywhere."
			/>
			<div className="grid gap-6 lg:grid-cols-2">
				<Card title="Claim a host">
					<ol className="list-decimal space-y-4 pl-5 marker:text-muted">
						<li>
							<p>On the machine that serves the models, run:</p>
							<CodeBlock className="mt-2" label="On the host" prompt code="opta host claim" />
							<p className="mt-2 text-sm text-muted">
								In a copy of the repository it is <code className="inline-code">npm run host -- claim</code>.
							</p>
						</li>
						<li>Scan its QR code, or enter the code that it shows.</li>
						<li>Compare the fingerprint on both screens, and confirm.</li>
					</ol>
					<div className="mt-5 flex flex-wrap gap-3">
						<ButtonLink href={claimHref}>Enter the code</ButtonLink>
						<ButtonLink variant="secondary" href={setUpHref}>
							Set a host up first
						</ButtonLink>
					</div>
				</Card>
				<NearbyHosts findHosts={findHosts} />
			</div>
		</div>
	);
}

function NearbyHosts({ findHosts }: Pick<PairPageProps, "findHosts">) {
	const { data, error, asking, retry } = useHostData(["", "found-hosts"], findHosts, { refreshMs: () => 0 });
	return (
		<Card
			title="Found on this network"
			aside={
				<Button variant="quiet" className="min-h-8 px-2 py-0 text-xs" onClick={retry} aria-disabled={asking}>
					{asking ? "Looking" : "Look again"}
				</Button>
			}
		>
			{error === undefined ? null : (
				<Notice tone="bad" title={problemTitle(error.code)}>
					{error.message}
				</Notice>
			)}
			{data === undefined && error === undefined ? <Spinner label="Looking for hosts" showLabel /> : null}
			{data === undefined ? null : <Found found={data} />}
		</Card>
	);
}

function Found({ found: { looked, hosts } }: { readonly found: FoundHosts }) {
	if (!looked) {
		return (
			<p className="text-muted">
				This site runs on the internet and sees nothing of your network. In the network of a host, open its own page: its address and port
				1234 in a browser, or <code className="inline-code">opta connect</code> in a terminal.
			</p>
		);
	}
	if (hosts.length === 0) {
		return (
			<p className="text-muted">
				No host announces itself here. One does when it is bound to the network: set <code className="inline-code">bind: lan</code> in its
				configuration and start it anew.
			</p>
		);
	}
	return (
		<ul aria-label="Hosts found" className="-my-2">
			{hosts.map((host) => (
				<FoundRow key={host.url} host={host} />
			))}
		</ul>
	);
}

function FoundRow({ host: { name, url, version, needsAdminKey } }: { readonly host: FoundHost }) {
	return (
		<li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b border-line py-3 last:border-b-0">
			<div className="min-w-0">
				<p className="font-medium wrap-anywhere">{name}</p>
				<p className="font-mono text-[0.8125rem] text-muted wrap-anywhere">
					{new URL(url).host}
					{version === null ? "" : ` · ${version}`}
					{needsAdminKey ? " · asks for its admin key" : ""}
				</p>
			</div>
			<a href={url} className="link text-sm" rel="noreferrer">
				Open its page<span className="sr-only"> of {name}</span>
			</a>
		</li>
	);
}
