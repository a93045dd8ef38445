"use client";

import { Button } from "@opta/ui/button.tsx";
import { Notice } from "@opta/ui/notice.tsx";
import { Spinner } from "@opta/ui/spinner.tsx";
import { useEffect, useState } from "react";
import { FailureNotice } from "./failure-notice.tsx";
import { useAction } from "./use-action.ts";
import type { CallVault } from "./use-vault.ts";
import type { AskingDevice, VaultView } from "./worker-protocol.ts";

interface PairDeviceProps {
	readonly call: CallVault;
	readonly onPaired: (view: VaultView) => void;
}

const pollMs = 2_000;

/** Asks again and again until the answer is one to stop at, or the view is gone. */
function usePolling(isActive: boolean, ask: () => Promise<boolean>): void {
	useEffect(() => {
		if (!isActive) {
			return;
		}
		let timer = 0;
		let isGone = false;
		const turn = async (): Promise<void> => {
			if (!(await ask()) && !isGone) {
				timer = window.setTimeout(() => void turn(), pollMs);
			}
		};
		void turn();
		return () => {
			isGone = true;
			clearTimeout(timer);
		};
	}, [isActive, ask]);
}

function CompareCodes({ device, call, onPaired, onEnd }: PairDeviceProps & { readonly device: AskingDevice; readonly onEnd: () => void }) {
	const action = useAction();
	const { run } = action;
	const [code, setCode] = useState<string | null>(null);
	const { pairingId, deviceName } = device;

	const [ask] = useState(() => async (): Promise<boolean> => {
		const compared = await run(() => call("pairingCode", { pairingId }));
		setCode(compared?.value ?? null);
		return compared === null || compared.value !== null;
	});
	usePolling(true, ask);

	async function answer(isSame: boolean): Promise<void> {
		if (!isSame) {
			await action.run(() => call("refusePairing", { pairingId }));
			onEnd();
			return;
		}
		const view = await action.run(() => call("letIn", { pairingId }));
		if (view !== null) {
			onPaired(view.value);
		}
	}

	if (action.failure !== null) {
		return (
			<div className="space-y-4">
				<FailureNotice failure={action.failure} />
				<Button variant="secondary" onClick={onEnd}>
					Start again
				</Button>
			</div>
		);
	}
	return (
		<div className="space-y-4 rounded-lg border border-edge p-5">
			<p>
				Does <strong className="font-medium break-words">{deviceName}</strong> show this code?
			</p>
			{code === null ? (
				<Spinner label="Waiting for the device" showLabel />
			) : (
				<output className="block font-mono text-3xl tracking-wide">{code}</output>
			)}
			<div className="flex flex-wrap gap-3">
				<Button disabled={code === null || action.isBusy} onClick={() => void answer(true)}>
					The same: let it in
				</Button>
				<Button variant="danger" onClick={() => void answer(false)}>
					No, or another code
				</Button>
			</div>
		</div>
	);
}

/** Devices that ask to be let in, and the comparison of the codes. */
export function PairDevice({ call, onPaired }: PairDeviceProps) {
	const action = useAction();
	const { run } = action;
	const [asking, setAsking] = useState<readonly AskingDevice[]>([]);
	const [chosen, setChosen] = useState<AskingDevice | null>(null);

	const [ask] = useState(() => async (): Promise<boolean> => {
		const open = await call("pairings", null);
		if (open.ok) {
			setAsking(open.value);
		}
		return false;
	});
	usePolling(chosen === null, ask);

	async function choose(device: AskingDevice): Promise<void> {
		if ((await run(() => call("answerPairing", { pairingId: device.pairingId }))) !== null) {
			setChosen(device);
		}
	}

	if (chosen !== null) {
		return <CompareCodes device={chosen} call={call} onPaired={onPaired} onEnd={() => setChosen(null)} />;
	}
	return (
		<div className="space-y-4">
			<FailureNotice failure={action.failure} />
			<ul aria-label="Devices that ask" aria-live="polite" className="space-y-3">
				{asking.map((device) => (
					<li key={device.pairingId} className="flex flex-wrap items-center justify-between gap-3 rounded-lg border border-edge p-4">
						<span className="break-words">{device.deviceName} asks to open the vault</span>
						<Button disabled={action.isBusy} onClick={() => void choose(device)}>
							Compare codes<span className="sr-only"> with {device.deviceName}</span>
						</Button>
					</li>
				))}
			</ul>
			{asking.length > 0 ? null : (
				<Notice live={false} title="No device asks now">
					<p>Sign in on the device, and let it ask for the vault: it appears here while this page is open.</p>
				</Notice>
			)}
		</div>
	);
}
