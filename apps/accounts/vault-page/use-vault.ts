"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { connectVault, type VaultConnection, type VaultResult } from "./vault-connection.ts";
import type { VaultCallName, VaultFailure, VaultInput, VaultView } from "./worker-protocol.ts";

/** What the page is in. `none`: the person has no vault yet. */
export type VaultPhase =
	| { readonly state: "loading" }
	| { readonly state: "none" }
	| { readonly state: "locked"; readonly why: string | null }
	| { readonly state: "open"; readonly view: VaultView }
	| { readonly state: "failed"; readonly failure: VaultFailure };

/** Calls the worker. */
export type CallVault = <Name extends VaultCallName>(name: Name, input: VaultInput<Name>) => Promise<VaultResult<Name>>;

/** The vault as the page uses it. */
export interface VaultUse {
	readonly phase: VaultPhase;
	readonly call: CallVault;
	readonly show: (view: VaultView) => void;
	/** Forgets everything that was opened, in all tabs of this browser. */
	readonly lock: (why: string | null) => void;
	/** Looks again whether there is a vault. */
	readonly look: () => void;
}

const channelName = "opta.vault";

/** Connects the page with the worker that holds the keys, for one person. */
export function useVault(userId: string): VaultUse {
	const [phase, setPhase] = useState<VaultPhase>({ state: "loading" });
	const connection = useRef<VaultConnection | null>(null);
	const channel = useRef<BroadcastChannel | null>(null);

	const call: CallVault = useCallback(
		(name, input) => {
			connection.current ??= connectVault(userId);
			return connection.current.call(name, input);
		},
		[userId],
	);

	const lockHere = useCallback((why: string | null) => {
		connection.current?.end();
		connection.current = null;
		setPhase((phase) => (phase.state === "open" ? { state: "locked", why } : phase));
	}, []);

	const lock = useCallback(
		(why: string | null) => {
			lockHere(why);
			channel.current?.postMessage(why);
		},
		[lockHere],
	);

	const look = useCallback(() => {
		setPhase({ state: "loading" });
		void call("look", null).then((answer) => {
			if (!answer.ok) {
				setPhase({ state: "failed", failure: answer.failure });
				return;
			}
			setPhase(answer.value.exists ? { state: "locked", why: null } : { state: "none" });
		});
	}, [call]);

	useEffect(() => {
		channel.current = new BroadcastChannel(channelName);
		channel.current.addEventListener("message", () => lockHere("It was locked in another tab."));
		look();
		return () => {
			channel.current?.close();
			connection.current?.end();
			connection.current = null;
		};
	}, [look, lockHere]);

	const show = useCallback((view: VaultView) => setPhase({ state: "open", view }), []);
	return { phase, call, show, lock, look };
}
