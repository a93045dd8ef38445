import { openByDevice } from "@opta/vault/client/open-vault";
import { listItems } from "@opta/vault/client/read-items";
import { openVaultRoutes } from "@opta/vault/client/vault-http";
import { readDeviceKeys } from "@opta/vault/pull/device-keys-store";
import { openPullState } from "@opta/vault/pull/pull-state";
import { openVaultAccess, orVaultFailure } from "../../account/open-vault-access.ts";
import { CommandFailure } from "../../program/command-failure.ts";
import type { CommandRun } from "../../program/command-spec.ts";
import { tableLines } from "../../terminal/text-table.ts";

/** Lists what is in the vault by name and kind; no value is opened. */
export const runListVault: CommandRun = async ({ context, flags }) => {
	const { output } = context;
	const { http, store, stateFile } = await openVaultAccess(context);
	const items = await orVaultFailure(async () => {
		const keys = await readDeviceKeys(store);
		const stateStore = openPullState(stateFile);
		const state = await stateStore.read();
		if (keys === null || state === null) {
			throw new CommandFailure("failed", "This computer has no access to the vault yet. Ask for it: opta vault pair");
		}
		const pins = { read: async () => state.pin, write: (_userId: string, pin: typeof state.pin) => stateStore.write({ ...state, pin }) };
		return listItems(await openByDevice({ routes: openVaultRoutes(http), pins }, keys));
	});
	const listed = items.map(({ itemId, name, kind, savedAt }) => ({ id: itemId, name, kind, savedAt }));
	if (flags.isSet("json")) {
		output.json({ items: listed });
		return "ok";
	}
	if (listed.length === 0) {
		output.note("The vault is empty.");
	}
	tableLines(listed.map(({ name, kind, savedAt }) => [name, kind, savedAt])).forEach(output.line);
	return "ok";
};
