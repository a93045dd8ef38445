"use client";

import { Button } from "@opta/ui/button.tsx";
import { Spinner } from "@opta/ui/spinner.tsx";
import type { ListedItem, PastVersion } from "@opta/vault/client/read-items";
import { useEffect, useState } from "react";
import { FailureNotice } from "./failure-notice.tsx";
import { Screen } from "./screen.tsx";
import { useAction } from "./use-action.ts";
import type { CallVault } from "./use-vault.ts";
import type { VaultView } from "./worker-protocol.ts";

interface ItemHistoryProps {
	readonly item: ListedItem;
	readonly call: CallVault;
	readonly onDone: (view: VaultView, said: string) => void;
	readonly onBack: () => void;
}

const moment = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });

function PastText({ label, text }: { readonly label: string; readonly text: string }) {
	return text === "" ? null : (
		<div>
			<dt className="label-mono">{label}</dt>
			<dd className="mt-0.5 break-all whitespace-pre-wrap">{text}</dd>
		</div>
	);
}

/** What an item was, version by version, and the way back to each. */
export function ItemHistory({ item, call, onDone, onBack }: ItemHistoryProps) {
	const action = useAction();
	const { run } = action;
	const [versions, setVersions] = useState<readonly PastVersion[] | null>(null);

	useEffect(() => {
		void run(() => call("history", { itemId: item.itemId })).then((past) => setVersions(past?.value ?? null));
	}, [item, call, run]);

	async function restore({ kind, name, username, url, secret }: PastVersion, newest: number): Promise<void> {
		const summary = { kind, name, username, url, isDeleted: false, conflictOf: null };
		const saved = await action.run(() => call("save", { itemId: item.itemId, baseVersion: newest, content: { summary, secret } }));
		if (saved !== null) {
			onDone(saved.value.view, "Restored. What it was before is still in the history.");
		}
	}

	const newest = versions?.[0]?.version ?? 0;
	return (
		<Screen title={`History of ${item.name}`} onBack={onBack}>
			<FailureNotice failure={action.failure} />
			{versions === null && action.failure === null ? <Spinner label="Opening the history" showLabel /> : null}
			<ol aria-label="Versions" className="space-y-4">
				{versions?.map((past) => (
					<li key={past.version} className="rounded-lg border border-line bg-surface p-5">
						<div className="flex flex-wrap items-baseline justify-between gap-3">
							<p className="font-mono text-sm">
								Version {past.version}, <time dateTime={past.savedAt}>{moment.format(new Date(past.savedAt))}</time>
								{past.isDeleted ? ", removed" : ""}
							</p>
							{past.version === newest ? (
								<span className="label-mono">now</span>
							) : (
								<Button variant="secondary" disabled={action.isBusy} onClick={() => void restore(past, newest)}>
									Restore<span className="sr-only"> version {past.version}</span>
								</Button>
							)}
						</div>
						{past.isDeleted ? null : (
							<details className="mt-3">
								<summary className="text-sm text-muted">Show what it kept</summary>
								<dl className="mt-3 space-y-3 text-sm">
									<PastText label="Name" text={past.name} />
									<PastText label="User name" text={past.username} />
									<PastText label="Address" text={past.url} />
									<PastText label="Secret" text={past.secret.value} />
									<PastText label="Notes" text={past.secret.notes} />
								</dl>
							</details>
						)}
					</li>
				))}
			</ol>
		</Screen>
	);
}
