"use client";

import { Button } from "@opta/ui/button.tsx";
import { type FormEvent, useState } from "react";
import { FailureNotice } from "./failure-notice.tsx";
import { NewPassphraseFields, readNewPassphrase } from "./passphrase-fields.tsx";
import { Screen } from "./screen.tsx";
import { useAction } from "./use-action.ts";
import type { CallVault } from "./use-vault.ts";
import type { VaultView } from "./worker-protocol.ts";

interface SetUpVaultProps {
	readonly call: CallVault;
	readonly onMade: (recoveryKey: string, view: VaultView) => void;
}

/** First use: a passphrase, and the vault is made. */
export function SetUpVault({ call, onMade }: SetUpVaultProps) {
	const action = useAction();
	const [problem, setProblem] = useState<string | null>(null);

	async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
		event.preventDefault();
		const given = readNewPassphrase(new FormData(event.currentTarget));
		setProblem(given.problem);
		if (given.problem !== null) {
			return;
		}
		const made = await action.run(() => call("make", { passphrase: given.passphrase }));
		if (made !== null) {
			onMade(made.value.recoveryKey, made.value.view);
		}
	}

	return (
		<Screen
			title="Make your vault"
			lead="Keys, passwords and notes are sealed in this browser before they are sent. The server keeps them and cannot read them, not even their names."
		>
			<form onSubmit={(event) => void submit(event)} className="space-y-5">
				<FailureNotice failure={action.failure} />
				<NewPassphraseFields problem={problem} />
				<Button type="submit" disabled={action.isBusy}>
					{action.isBusy ? "Making the keys …" : "Make the vault"}
				</Button>
			</form>
		</Screen>
	);
}
