"use client";

import { Button } from "@opta/ui/button.tsx";
import { type FormEvent, useState } from "react";
import { FailureNotice } from "./failure-notice.tsx";
import { PairDevice } from "./pair-device.tsx";
import { NewPassphraseFields, readNewPassphrase } from "./passphrase-fields.tsx";
import { Screen } from "./screen.tsx";
import { useAction } from "./use-action.ts";
import type { CallVault } from "./use-vault.ts";
import type { VaultView } from "./worker-protocol.ts";

interface ChangePassphraseProps {
	readonly call: CallVault;
	readonly onChanged: (recoveryKey: string) => void;
}

/** A new passphrase; the recovery key is made anew with it. */
export function ChangePassphrase({ call, onChanged }: ChangePassphraseProps) {
	const action = useAction();
	const [problem, setProblem] = useState<string | null>(null);

	async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
		event.preventDefault();
		const { passphrase, problem } = readNewPassphrase(new FormData(event.currentTarget));
		setProblem(problem);
		const changed = problem === null ? await action.run(() => call("changePassphrase", { passphrase })) : null;
		if (changed !== null) {
			onChanged(changed.value.recoveryKey);
		}
	}

	return (
		<form onSubmit={(event) => void submit(event)} className="space-y-5">
			<FailureNotice failure={action.failure} />
			<NewPassphraseFields problem={problem} label="New passphrase" />
			<Button type="submit" variant="secondary" disabled={action.isBusy}>
				{action.isBusy ? "Sealing the key anew …" : "Change the passphrase"}
			</Button>
		</form>
	);
}

interface VaultAccessProps extends ChangePassphraseProps {
	readonly view: VaultView;
	readonly onView: (view: VaultView, said: string) => void;
	readonly onBack: () => void;
}

function DeviceList({ view, call, onView }: Pick<VaultAccessProps, "view" | "call" | "onView">) {
	const action = useAction();

	async function end(deviceId: string, deviceName: string): Promise<void> {
		const rekeyed = await action.run(() => call("rekey", { without: [deviceId] }));
		if (rekeyed !== null) {
			onView(rekeyed.value, `${deviceName} cannot open what is written from now on. It is still signed in; end that under Sessions.`);
		}
	}

	return (
		<>
			<FailureNotice failure={action.failure} />
			{view.devices.length === 0 ? (
				<p className="text-sm text-muted">No device can open the vault; only you, with the passphrase.</p>
			) : null}
			<ul aria-label="Devices with access" className="divide-y divide-line">
				{view.devices.map(({ deviceId, deviceName }) => (
					<li key={deviceId} className="flex flex-wrap items-center justify-between gap-3 py-3">
						<span className="break-words">{deviceName}</span>
						<Button variant="danger" disabled={action.isBusy} onClick={() => void end(deviceId, deviceName)}>
							End access<span className="sr-only"> of {deviceName}</span>
						</Button>
					</li>
				))}
			</ul>
		</>
	);
}

/** Who can open the vault: devices, the passphrase, the recovery key. */
export function VaultAccess({ view, call, onView, onChanged, onBack }: VaultAccessProps) {
	return (
		<Screen title="Who can open it" onBack={onBack}>
			<h3 className="font-medium">Devices</h3>
			<DeviceList view={view} call={call} onView={onView} />
			<PairDevice call={call} onPaired={(next) => onView(next, "The device is let in.")} />
			<hr className="border-line" />
			<h3 className="font-medium">Passphrase and recovery key</h3>
			<p className="text-sm text-muted">
				Both are replaced together, and the old ones open nothing any more. Devices and items stay as they are.
			</p>
			<ChangePassphrase call={call} onChanged={onChanged} />
		</Screen>
	);
}
