import { changePassphrase, rekeyVault } from "@opta/vault/client/change-keys";
import { makeVault, type OpenVault, openByPassphrase, openByRecoveryKey, type VaultEnds } from "@opta/vault/client/open-vault";
import { listItems, readPastVersions, readSecret } from "@opta/vault/client/read-items";
import type { VaultHttp } from "@opta/vault/client/vault-http";
import { removeItem, saveItem, saveItems } from "@opta/vault/client/write-items";
import {
	type AnsweredPairing,
	answerPairing,
	type ComparedPairing,
	comparePairing,
	letDeviceIn,
	readPairings,
	refusePairing,
} from "@opta/vault/pairing/let-device-in";
import { formatCsvItems, parseCsvItems } from "@opta/vault/transfer/csv";
import { formatPlainItems, isSealedExport, openExport, parsePlainItems, sealExport } from "@opta/vault/transfer/export-file";
import { contentOf, type PortableItem } from "@opta/vault/transfer/portable-item";
import { VaultError } from "@opta/vault/vault-error";
import type { ExportFormat, VaultCallName, VaultInput, VaultOutput, VaultView } from "./worker-protocol.ts";

/** Every call with the work it does. */
export type VaultHandlers = { readonly [Name in VaultCallName]: (input: VaultInput<Name>) => Promise<VaultOutput<Name>> };

async function viewOf(vault: OpenVault): Promise<VaultView> {
	const [items, removed] = await Promise.all([listItems(vault), listItems(vault, "removed")]);
	return { items, removed, devices: vault.header.devices.map(({ deviceId, deviceName }) => ({ deviceId, deviceName })) };
}

async function portableItems(vault: OpenVault): Promise<readonly PortableItem[]> {
	const items = await listItems(vault);
	return Promise.all(
		items.map(async ({ itemId, kind, name, username, url }) => ({ kind, name, username, url, ...(await readSecret(vault, itemId)) })),
	);
}

const fileTypes: Record<ExportFormat, { readonly extension: string; readonly type: string }> = {
	sealed: { extension: "optavault.json", type: "application/json" },
	json: { extension: "json", type: "application/json" },
	csv: { extension: "csv", type: "text/csv" },
};

async function exportText(vault: OpenVault, format: ExportFormat, passphrase: string): Promise<string> {
	const items = await portableItems(vault);
	switch (format) {
		case "sealed":
			return sealExport(items, passphrase);
		case "json":
			return formatPlainItems(items);
		case "csv":
			return formatCsvItems(items);
	}
}

/** The work behind the page: holds the open vault, if there is one, in the memory of the worker. */
export function openVaultHandlers(ends: VaultEnds, http: VaultHttp): VaultHandlers {
	let current: OpenVault | null = null;
	const pairings = new Map<string, AnsweredPairing | ComparedPairing>();

	const opened = (): OpenVault => {
		if (current === null) {
			throw new VaultError("cannot_open", "The vault is locked; unlock it first.");
		}
		return current;
	};
	const pairing = (pairingId: string): AnsweredPairing | ComparedPairing => {
		const known = pairings.get(pairingId);
		if (known === undefined) {
			throw new VaultError("malformed", "This pairing was not begun here. Start again on the device.");
		}
		return known;
	};

	return {
		look: async () => ({ exists: (await ends.routes.read()).vault !== null }),
		async make({ passphrase }) {
			const made = await makeVault(ends, passphrase);
			current = made.vault;
			return { recoveryKey: made.recoveryKey, view: await viewOf(made.vault) };
		},
		async unlock({ way, secret }) {
			current = await (way === "passphrase" ? openByPassphrase(ends, secret) : openByRecoveryKey(ends, secret));
			if (current.header.rekeyDue) {
				await rekeyVault(current);
			}
			return viewOf(current);
		},
		async refresh() {
			await opened().refresh();
			return viewOf(opened());
		},
		reveal: ({ itemId }) => readSecret(opened(), itemId),
		history: ({ itemId }) => readPastVersions(opened(), itemId),
		async save(draft) {
			const outcome = await saveItem(opened(), draft);
			return { outcome, view: await viewOf(opened()) };
		},
		async remove({ itemId, version }) {
			const removed = await removeItem(opened(), itemId, version);
			return { removed, view: await viewOf(opened()) };
		},
		changePassphrase: ({ passphrase }) => changePassphrase(opened(), passphrase),
		async rekey({ without }) {
			await rekeyVault(opened(), without);
			return viewOf(opened());
		},
		async export({ format, passphrase }) {
			const { extension, type } = fileTypes[format];
			const text = await exportText(opened(), format, passphrase);
			return { name: `vault-${new Date().toISOString().slice(0, 10)}.${extension}`, type, text };
		},
		async import({ text, isCsv, passphrase }) {
			const isSealed = !isCsv && isSealedExport(text);
			if (isSealed && passphrase === null) {
				return { state: "needsPassphrase" };
			}
			const sealed = isSealed ? await openExport(text, passphrase ?? "") : null;
			const items = sealed ?? (isCsv ? parseCsvItems(text) : parsePlainItems(text));
			await saveItems(
				opened(),
				items.map((item) => ({ itemId: null, baseVersion: 0, content: contentOf(item) })),
			);
			return { state: "imported", count: items.length, view: await viewOf(opened()) };
		},
		async pairings() {
			return (await readPairings(http)).map(({ pairingId, deviceName }) => ({ pairingId, deviceName }));
		},
		async answerPairing({ pairingId }) {
			const asking = (await readPairings(http)).find((open) => open.pairingId === pairingId);
			if (asking === undefined) {
				throw new VaultError("malformed", "The device gave up, or five minutes have passed. Start again on the device.");
			}
			pairings.set(pairingId, await answerPairing(http, opened().unlocked.place.userId, asking));
			return null;
		},
		async pairingCode({ pairingId }) {
			const compared = await comparePairing(http, pairing(pairingId));
			if (compared === null) {
				return null;
			}
			pairings.set(pairingId, compared);
			return compared.code;
		},
		async letIn({ pairingId }) {
			const compared = pairing(pairingId);
			if (!("code" in compared)) {
				throw new VaultError("malformed", "The codes were not compared yet.");
			}
			await letDeviceIn(http, opened(), compared);
			pairings.delete(pairingId);
			return viewOf(opened());
		},
		async refusePairing({ pairingId }) {
			pairings.delete(pairingId);
			await refusePairing(http, pairingId);
			return null;
		},
		async destroy() {
			const { vault } = await ends.routes.read();
			if (vault !== null) {
				await ends.routes.remove({ vaultId: vault.vaultId });
			}
			current = null;
			return null;
		},
	};
}
