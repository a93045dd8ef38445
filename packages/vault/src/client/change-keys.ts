import { advanceEpoch, deviceOf, rewrapRoot } from "../unlock/unlocked-vault.ts";
import type { OpenVault } from "./open-vault.ts";
import { VaultServerError } from "./vault-http.ts";

const mostAttempts = 8;

/**
 * Sets a new passphrase and a new recovery key, which is shown once. Items and devices stay as they are.
 * @throws {VaultError} `cannot_open` on a device
 * @throws {VaultServerError} `conflict` when it was changed elsewhere
 */
export async function changePassphrase(vault: OpenVault, passphrase: string): Promise<{ readonly recoveryKey: string }> {
	const { root, recoveryKey } = await rewrapRoot(vault.unlocked, passphrase);
	await vault.routes.replaceRoot({ expectedRevision: vault.header.rootRevision, root });
	await vault.refresh();
	return { recoveryKey };
}

/**
 * Makes a new user key, for all devices but these. Items are sealed under it when they are next written; what is older
 * stays readable by the old key, which the devices that went may have kept.
 * @throws {VaultError} `cannot_open` on a device
 * @throws {VaultServerError}
 */
export async function rekeyVault(vault: OpenVault, without: readonly string[] = []): Promise<void> {
	for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
		const remaining = vault.header.devices.filter(({ deviceId }) => !without.includes(deviceId)).map(deviceOf);
		const { body } = await advanceEpoch(vault.unlocked, remaining, vault.store.nextCounter, vault.store.entries);
		try {
			await vault.routes.advanceEpoch(body);
			await vault.refresh();
			return;
		} catch (error) {
			if (!(error instanceof VaultServerError) || error.code !== "conflict") {
				throw error;
			}
			await vault.refresh();
		}
	}
	throw new VaultServerError("conflict", "Others are writing all the time. The keys are unchanged; try again in a moment.");
}
