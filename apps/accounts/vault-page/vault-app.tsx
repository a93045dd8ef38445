"use client";

import { Button } from "@opta/ui/button.tsx";
import { Spinner } from "@opta/ui/spinner.tsx";
import type { ListedItem } from "@opta/vault/client/read-items";
import { useCallback, useEffect, useState } from "react";
import { FailureNotice } from "./failure-notice.tsx";
import { ItemForm } from "./item-form.tsx";
import { ItemHistory } from "./item-history.tsx";
import { ItemList, RemovedItems } from "./item-list.tsx";
import { RecoveryKeySheet } from "./recovery-key-sheet.tsx";
import { Screen } from "./screen.tsx";
import { SetUpVault } from "./set-up-vault.tsx";
import { TransferItems } from "./transfer-items.tsx";
import { UnlockVault } from "./unlock-vault.tsx";
import { useIdleLock } from "./use-idle-lock.ts";
import { useVault, type VaultUse } from "./use-vault.ts";
import { ChangePassphrase, VaultAccess } from "./vault-access.tsx";
import { forgetPin } from "./vault-connection.ts";
import type { VaultFailure, VaultView } from "./worker-protocol.ts";

type Place =
	| { readonly name: "list" }
	| { readonly name: "item"; readonly item: ListedItem | null }
	| { readonly name: "history"; readonly item: ListedItem }
	| { readonly name: "transfer" }
	| { readonly name: "access" }
	/** After the recovery key was used: it is known now, and so both are replaced. */
	| { readonly name: "newPassphrase" }
	| { readonly name: "recoveryKey"; readonly recoveryKey: string };

interface OpenVaultProps {
	readonly vault: VaultUse;
	readonly view: VaultView;
	readonly place: Place;
	readonly go: (place: Place) => void;
}

const list: Place = { name: "list" };

function VaultList({ vault, view, go, said }: Omit<OpenVaultProps, "place"> & { readonly said: string | null }) {
	const [failure, setFailure] = useState<VaultFailure | null>(null);
	const { call, show, lock } = vault;

	async function refresh(): Promise<void> {
		const answer = await call("refresh", null);
		setFailure(answer.ok ? null : answer.failure);
		if (answer.ok) {
			show(answer.value);
		}
	}

	const history = (item: ListedItem): void => go({ name: "history", item });
	return (
		<section aria-label="Vault">
			<div className="mb-6 flex flex-wrap gap-3">
				<Button onClick={() => go({ name: "item", item: null })}>Add</Button>
				<Button variant="secondary" onClick={() => lock(null)}>
					Lock
				</Button>
				<Button variant="quiet" onClick={() => void refresh()}>
					Refresh
				</Button>
				<Button variant="quiet" onClick={() => go({ name: "transfer" })}>
					Import and export
				</Button>
				<Button variant="quiet" onClick={() => go({ name: "access" })}>
					Who can open it
				</Button>
			</div>
			<FailureNotice failure={failure} />
			<p role="status" className="mb-4 min-h-6 text-sm text-ok">
				{said}
			</p>
			<ItemList view={view} call={call} onEdit={(item) => go({ name: "item", item })} onHistory={history} onFailure={setFailure} />
			<RemovedItems items={view.removed} onHistory={history} />
		</section>
	);
}

function OpenedVault({ vault, view, place, go }: OpenVaultProps) {
	const [said, setSaid] = useState<string | null>(null);
	const { call, show } = vault;
	const back = (): void => {
		setSaid(null);
		go(list);
	};
	const done = (next: VaultView, what: string): void => {
		show(next);
		setSaid(what);
		go(list);
	};
	const keyShown = (recoveryKey: string): void => go({ name: "recoveryKey", recoveryKey });
	switch (place.name) {
		case "list":
			return <VaultList vault={vault} view={view} go={go} said={said} />;
		case "item":
			return <ItemForm item={place.item} call={call} onDone={done} onBack={back} />;
		case "history":
			return <ItemHistory item={place.item} call={call} onDone={done} onBack={back} />;
		case "transfer":
			return <TransferItems call={call} onImported={done} onBack={back} />;
		case "access":
			return <VaultAccess view={view} call={call} onView={done} onChanged={keyShown} onBack={back} />;
		case "newPassphrase":
			return (
				<Screen
					title="Choose a new passphrase"
					lead="The recovery key was used, so both are replaced now. Until then the vault stays as it is."
				>
					<ChangePassphrase call={call} onChanged={keyShown} />
				</Screen>
			);
		case "recoveryKey":
			return <RecoveryKeySheet recoveryKey={place.recoveryKey} onKept={back} />;
	}
}

/** The vault of a person: everything below runs in their browser, the keys in a worker of it. */
export function VaultApp({ userId }: { readonly userId: string }) {
	const vault = useVault(userId);
	const [place, setPlace] = useState<Place>(list);
	const { phase, call, show, lock, look } = vault;
	const lockIdle = useCallback((why: string) => lock(why), [lock]);
	useIdleLock(phase.state === "open", lockIdle);
	useEffect(() => {
		if (phase.state === "locked") {
			setPlace(list);
		}
	}, [phase.state]);

	switch (phase.state) {
		case "loading":
			return <Spinner label="Looking for your vault" showLabel />;
		case "failed":
			return (
				<div className="max-w-xl space-y-4">
					<FailureNotice failure={phase.failure} />
					<Button variant="secondary" onClick={look}>
						Try again
					</Button>
				</div>
			);
		case "none":
			return (
				<SetUpVault
					call={call}
					onMade={(recoveryKey, view) => {
						setPlace({ name: "recoveryKey", recoveryKey });
						show(view);
					}}
				/>
			);
		case "locked":
			return (
				<UnlockVault
					why={phase.why}
					call={call}
					onOpen={(view, way) => {
						setPlace(way === "recoveryKey" ? { name: "newPassphrase" } : list);
						show(view);
					}}
					onDestroyed={() => {
						forgetPin(userId);
						look();
					}}
				/>
			);
		case "open":
			return <OpenedVault vault={vault} view={phase.view} place={place} go={setPlace} />;
	}
}
