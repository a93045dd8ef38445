"use client";

import { useCallback, useState } from "react";
import type { VaultResult } from "./vault-connection.ts";
import type { VaultCallName, VaultFailure } from "./worker-protocol.ts";

/** Something that takes a moment: whether it is under way, and what went wrong the last time. */
export interface Action {
	readonly isBusy: boolean;
	readonly failure: VaultFailure | null;
	/** Runs one call at a time; answers null when it failed. */
	readonly run: <Name extends VaultCallName>(
		calling: () => Promise<VaultResult<Name>>,
	) => Promise<{ value: Extract<VaultResult<Name>, { ok: true }>["value"] } | null>;
	readonly fail: (message: string) => void;
}

/** State of a form or a button that calls the worker. */
export function useAction(): Action {
	const [isBusy, setBusy] = useState(false);
	const [failure, setFailure] = useState<VaultFailure | null>(null);
	const run: Action["run"] = useCallback(async (calling) => {
		setBusy(true);
		setFailure(null);
		const result = await calling();
		setBusy(false);
		if (result.ok) {
			return { value: result.value };
		}
		setFailure(result.failure);
		return null;
	}, []);
	const fail = useCallback((message: string) => setFailure({ reason: "other", message }), []);
	return { isBusy, failure, run, fail };
}
