import { hostname } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { pairDevice } from "@opta/vault/pairing/pair-device";
import { writeDeviceKeys } from "@opta/vault/pull/device-keys-store";
import { openPullState } from "@opta/vault/pull/pull-state";
import { openVaultAccess, orVaultFailure } from "../../account/open-vault-access.ts";
import { CommandFailure } from "../../program/command-failure.ts";
import type { CommandRun } from "../../program/command-spec.ts";
import { askLine } from "../../terminal/ask-line.ts";

const pollMs = 1500;

/** Asks a browser with the vault open to let this computer in; both show a code, which the person compares. */
export const runPairVault: CommandRun = async ({ context, flags }) => {
	const { output, input, signal } = context;
	if (!input.isTerminal) {
		throw new CommandFailure("denied", "Pairing needs a person who compares two codes. Run it in a terminal.");
	}
	const { http, credential, store, stateFile } = await openVaultAccess(context);
	output.note("Open the page of the vault in a browser that has it open, and let this computer in there …");
	const { keys, pin } = await orVaultFailure(() =>
		pairDevice({
			http,
			userId: credential.userId,
			deviceId: credential.deviceId,
			deviceName: hostname(),
			async confirm(code) {
				const answer = await askLine(`Does the browser show ${code}, too? [y/N] `, signal);
				return /^y(es)?$/i.test(answer.trim());
			},
			pause: () => delay(pollMs, undefined, { signal }),
		}),
	);
	await writeDeviceKeys(store, keys);
	await openPullState(stateFile).write({ pin, pulled: [] });
	if (flags.isSet("json")) {
		output.json({ paired: true });
	} else {
		output.line("This computer can open the vault now. Bring its keys: opta vault pull");
	}
	return "ok";
};
