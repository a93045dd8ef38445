"use client";

import { Button } from "@opta/ui/button.tsx";
import { startAuthentication } from "@simplewebauthn/browser";
import { useState } from "react";
import { callAccounts } from "./call-accounts.ts";

async function prove(): Promise<string | null> {
	const options = await callAccounts("/api/second-factor/passkey/options", { purpose: "prove" });
	if (!options.ok) {
		return options.message;
	}
	try {
		const response = await startAuthentication({ optionsJSON: options.body as Parameters<typeof startAuthentication>[0]["optionsJSON"] });
		const proved = await callAccounts("/api/second-factor/passkey/prove", { response });
		return proved.ok ? null : proved.message;
	} catch {
		return "The browser gave no answer. Try again, or use a code.";
	}
}

/** Proves a passkey, then goes on to the page that asked for it. */
export function ProvePasskey({ target }: { readonly target: string }) {
	const [state, setState] = useState<{ readonly isBusy: boolean; readonly problem: string | null }>({ isBusy: false, problem: null });
	const onClick = async () => {
		setState({ isBusy: true, problem: null });
		const problem = await prove();
		if (problem === null) {
			window.location.assign(target);
		} else {
			setState({ isBusy: false, problem });
		}
	};
	return (
		<div className="space-y-3">
			<Button onClick={onClick} disabled={state.isBusy} className="w-full">
				{state.isBusy ? "Waiting for the passkey …" : "Use a passkey"}
			</Button>
			<p role="alert" className="text-sm text-bad">
				{state.problem}
			</p>
		</div>
	);
}
