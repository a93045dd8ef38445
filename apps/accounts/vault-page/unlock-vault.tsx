"use client";

import { Button } from "@opta/ui/button.tsx";
import { Field } from "@opta/ui/field.tsx";
import { Notice } from "@opta/ui/notice.tsx";
import { type FormEvent, useState } from "react";
import { FailureNotice } from "./failure-notice.tsx";
import { Screen } from "./screen.tsx";
import { useAction } from "./use-action.ts";
import type { CallVault } from "./use-vault.ts";
import type { VaultView } from "./worker-protocol.ts";

interface UnlockVaultProps {
	readonly why: string | null;
	readonly call: CallVault;
	readonly onOpen: (view: VaultView, way: "passphrase" | "recoveryKey") => void;
	readonly onDestroyed: () => void;
}

const destroyWords = "throw it away";

function DestroyVault({ call, onDestroyed }: Pick<UnlockVaultProps, "call" | "onDestroyed">) {
	const action = useAction();
	const [error, setError] = useState<string | null>(null);

	async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
		event.preventDefault();
		if (String(new FormData(event.currentTarget).get("words")).trim().toLowerCase() !== destroyWords) {
			setError(`Type exactly: ${destroyWords}`);
			return;
		}
		if ((await action.run(() => call("destroy", null))) !== null) {
			onDestroyed();
		}
	}

	return (
		<details className="rounded-lg border border-line px-5 py-3">
			<summary className="text-sm text-muted">Lost both the passphrase and the recovery key?</summary>
			<form onSubmit={(event) => void submit(event)} className="mt-4 space-y-4">
				<p className="text-sm">Then nobody can open this vault again. You can throw it away, with everything in it, and make a new one.</p>
				<FailureNotice failure={action.failure} />
				<Field label={`To go on, type: ${destroyWords}`} name="words" autoComplete="off" required error={error ?? undefined} />
				<Button type="submit" variant="danger" disabled={action.isBusy}>
					Throw the vault away
				</Button>
			</form>
		</details>
	);
}

/** Opens the vault by the passphrase or the recovery key. */
export function UnlockVault({ why, call, onOpen, onDestroyed }: UnlockVaultProps) {
	const action = useAction();
	const [way, setWay] = useState<"passphrase" | "recoveryKey">("passphrase");
	const other = way === "passphrase" ? "recoveryKey" : "passphrase";
	const labels = { passphrase: "Passphrase", recoveryKey: "Recovery key" };

	async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
		event.preventDefault();
		const secret = String(new FormData(event.currentTarget).get("secret") ?? "");
		const opened = await action.run(() => call("unlock", { way, secret }));
		if (opened !== null) {
			onOpen(opened.value, way);
		}
	}

	return (
		<Screen title="Unlock your vault" lead="It is opened in this browser only, and locks by itself after five minutes without use.">
			{why === null ? null : <Notice title="The vault is locked">{why}</Notice>}
			<form onSubmit={(event) => void submit(event)} className="space-y-5">
				<FailureNotice failure={action.failure} />
				<Field
					key={way}
					label={labels[way]}
					name="secret"
					type={way === "passphrase" ? "password" : "text"}
					autoComplete="off"
					spellCheck={false}
					required
					hint={way === "passphrase" ? "Of the vault, not the password that you sign in with." : "Nine groups of four letters and digits."}
				/>
				<div className="flex flex-wrap gap-3">
					<Button type="submit" disabled={action.isBusy}>
						{action.isBusy ? "Unlocking …" : "Unlock"}
					</Button>
					<Button variant="quiet" onClick={() => setWay(other)}>
						Use the {labels[other].toLowerCase()}
					</Button>
				</div>
			</form>
			<DestroyVault call={call} onDestroyed={onDestroyed} />
		</Screen>
	);
}
