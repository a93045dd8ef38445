"use client";

import { Button } from "@opta/ui/button.tsx";
import { Field } from "@opta/ui/field.tsx";
import { startRegistration } from "@simplewebauthn/browser";
import { type FormEvent, useState } from "react";
import { PresentPasswordField } from "../security/present-password-field.tsx";
import { callAccounts } from "./call-accounts.ts";

async function register(name: string, password: string): Promise<string | null> {
	const options = await callAccounts("/api/second-factor/passkey/options", {
		purpose: "register",
		...(password === "" ? {} : { password }),
	});
	if (!options.ok) {
		return options.message;
	}
	try {
		const response = await startRegistration({ optionsJSON: options.body as Parameters<typeof startRegistration>[0]["optionsJSON"] });
		const registered = await callAccounts("/api/second-factor/passkey/register", { name, response });
		return registered.ok ? null : registered.message;
	} catch {
		return "The browser made no passkey. Try again, or choose another place for it.";
	}
}

/** Adds a passkey of this device or of a security key. */
export function AddPasskey() {
	const [state, setState] = useState<{ readonly isBusy: boolean; readonly problem: string | null }>({ isBusy: false, problem: null });
	const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
		event.preventDefault();
		const fields = new FormData(event.currentTarget);
		setState({ isBusy: true, problem: null });
		const problem = await register(String(fields.get("name")), String(fields.get("password")));
		if (problem === null) {
			window.location.assign("/security?done=factor-added");
		} else {
			setState({ isBusy: false, problem });
		}
	};
	return (
		<form onSubmit={onSubmit} className="space-y-5">
			<Field label="Name of the passkey" name="name" hint="Such as: this laptop." required maxLength={80} autoComplete="off" />
			<PresentPasswordField />
			<Button type="submit" variant="secondary" disabled={state.isBusy}>
				{state.isBusy ? "Waiting for the passkey …" : "Add a passkey"}
			</Button>
			<p role="alert" className="text-sm text-bad">
				{state.problem}
			</p>
		</form>
	);
}
