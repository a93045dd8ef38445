import { openVaultRoutes } from "@opta/vault/client/vault-http";
import { readDeviceKeys } from "@opta/vault/pull/device-keys-store";
import { openPullState } from "@opta/vault/pull/pull-state";
import { openVaultAccess, orVaultFailure } from "../../account/open-vault-access.ts";
import type { CommandRun } from "../../program/command-spec.ts";

/** Prints whether there is a vault, whether this computer can open it, and where pulled keys are. */
export const runVaultStatus: CommandRun = async ({ context, flags }) => {
	const { output } = context;
	const { http, store, stateFile } = await openVaultAccess(context);
	const status = await orVaultFailure(async () => {
		const { vault } = await openVaultRoutes(http).read();
		const state = await openPullState(stateFile).read();
		return {
			exists: vault !== null,
			paired: (await readDeviceKeys(store)) !== null && state !== null,
			pulled: state?.pulled.length ?? 0,
			store: { kind: store.kind, place: store.place },
		};
	});
	if (flags.isSet("json")) {
		output.json(status);
		return "ok";
	}
	output.line(
		status.exists ? "The account has a vault." : "The account has no vault yet. Make one in the browser, on the page of the vault.",
	);
	output.line(status.paired ? "This computer can open it." : "This computer cannot open it yet. Ask for it: opta vault pair");
	output.line(`${status.pulled} keys are here, in ${status.store.place}.`);
	return "ok";
};
