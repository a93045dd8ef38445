"use client";

import type { DaemonClient } from "@opta/host-client/daemon/daemon-client";
import type { HostError } from "@opta/host-client/host-error";
import { Button } from "@opta/ui/button.tsx";
import { type SubmitEvent, useId, useState } from "react";
import { useDevicePlace } from "../host/dashboard-place.tsx";
import { goTo } from "./sessions-query.ts";

interface NewSessionProps {
	readonly client: DaemonClient;
	readonly deviceId: string;
	/** Folders that sessions were held in. */
	readonly workspaces: readonly string[];
}

/** Begins a session in a folder of the device. */
export function NewSession({ client, deviceId, workspaces }: NewSessionProps) {
	const id = useId();
	const { sessionsHref } = useDevicePlace();
	const [isBusy, setBusy] = useState(false);
	const [error, setError] = useState<HostError | null>(null);

	async function submit(event: SubmitEvent<HTMLFormElement>): Promise<void> {
		event.preventDefault();
		const text = new FormData(event.currentTarget).get("workspace");
		const workspace = typeof text === "string" ? text.trim() : "";
		if (isBusy || workspace === "") {
			return;
		}
		setBusy(true);
		const result = await client.createSession({ workspace });
		setBusy(false);
		if (result.ok) {
			goTo(sessionsHref(deviceId, result.value.id));
		} else {
			setError(result.error);
		}
	}

	return (
		<details className="border-b border-line text-sm">
			<summary className="min-h-11 py-3 hover:text-ink">New session</summary>
			<form onSubmit={submit} className="grid gap-2 pb-4">
				<label htmlFor={`${id}-workspace`}>Folder on that computer</label>
				<input
					id={`${id}-workspace`}
					name="workspace"
					required
					list={`${id}-known`}
					defaultValue={workspaces[0] ?? ""}
					autoComplete="off"
					autoCapitalize="none"
					spellCheck={false}
					aria-describedby={error === null ? undefined : `${id}-error`}
					className="h-11 w-full rounded-md border border-edge bg-surface px-3 font-mono text-[0.8125rem]"
				/>
				<datalist id={`${id}-known`}>
					{workspaces.map((workspace) => (
						<option key={workspace} value={workspace} />
					))}
				</datalist>
				{error === null ? null : (
					<p id={`${id}-error`} role="alert" className="text-bad">
						{error.message}
					</p>
				)}
				<Button type="submit" aria-disabled={isBusy}>
					{isBusy ? "Beginning" : "Begin session"}
				</Button>
			</form>
		</details>
	);
}
