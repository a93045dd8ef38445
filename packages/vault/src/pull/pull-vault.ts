import type { PinStore } from "../client/item-store.ts";
import { type OpenVault, openByDevice } from "../client/open-vault.ts";
import { type ListedItem, listItems, readSecret } from "../client/read-items.ts";
import { openVaultRoutes, type VaultHttp, VaultServerError } from "../client/vault-http.ts";
import type { ItemKind } from "../items/item-content.ts";
import type { DeviceKeys } from "../keys/device-wrap.ts";
import { VaultError } from "../vault-error.ts";
import { removeDeviceKeys } from "./device-keys-store.ts";
import type { PullState, PullStateStore } from "./pull-state.ts";
import type { SecretStore } from "./secret-store.ts";

/** What a pull works with. */
export interface PullOptions {
	readonly http: VaultHttp;
	readonly keys: DeviceKeys;
	readonly store: SecretStore;
	readonly state: PullStateStore;
	/** Kinds of items that are pulled; API keys unless more is asked for. */
	readonly kinds?: readonly ItemKind[];
	/** Reports what would change and changes nothing. */
	readonly isDryRun?: boolean;
	/** What becomes of the copies here when the device has lost its access; they are removed unless asked otherwise. */
	readonly whenRevoked?: "remove" | "keep";
}

/** What a pull changed, by names of items; never a secret. */
export interface PullReport {
	/** `offline`: accounts could not be reached, the copies here stay. `revoked`: this device has no access any more. */
	readonly outcome: "pulled" | "offline" | "revoked";
	readonly isDryRun: boolean;
	readonly store: Pick<SecretStore, "kind" | "place">;
	readonly added: readonly string[];
	readonly changed: readonly string[];
	readonly removed: readonly string[];
	readonly unchanged: readonly string[];
	/** Items that this computer's store did not take, with its reason. */
	readonly failed: readonly { readonly name: string; readonly reason: string }[];
}

interface Wanted {
	readonly itemId: string;
	readonly account: string;
	readonly name: string;
	readonly secret: string;
}

/** The account of an item: its name, and a part of its id where an older item has the same name. */
function accountOf(item: ListedItem, all: readonly ListedItem[]): string {
	const isTaken = all.some(({ name, itemId }) => name === item.name && itemId < item.itemId);
	return `item ${item.name}${isTaken ? ` (${item.itemId.slice(-6)})` : ""}`;
}

const nameOf = (account: string): string => account.replace(/^item /, "");

async function wantedOf(vault: OpenVault, kinds: readonly ItemKind[]): Promise<readonly Wanted[]> {
	const items = (await listItems(vault)).filter(({ kind, conflictOf }) => kinds.includes(kind) && conflictOf === null);
	return Promise.all(
		items.map(async (item) => {
			const account = accountOf(item, items);
			return { itemId: item.itemId, account, name: nameOf(account), secret: (await readSecret(vault, item.itemId)).value };
		}),
	);
}

type Change = "added" | "changed" | "unchanged";

async function bringOne({ store, isDryRun = false }: PullOptions, { account, secret }: Wanted): Promise<Change> {
	const present = await store.read(account);
	if (present === secret) {
		return "unchanged";
	}
	if (!isDryRun) {
		await store.write(account, secret);
	}
	return present === null ? "added" : "changed";
}

async function takeAway({ store, isDryRun = false }: PullOptions, accounts: readonly string[]): Promise<void> {
	for (const account of isDryRun ? [] : accounts) {
		await store.remove(account);
	}
}

async function bring(
	options: PullOptions,
	wanted: readonly Wanted[],
	before: PullState,
): Promise<{ report: PullReport; pulled: PullState["pulled"] }> {
	const names: Record<Change, string[]> = { added: [], changed: [], unchanged: [] };
	const failed: { name: string; reason: string }[] = [];
	const pulled: { itemId: string; account: string }[] = [];
	for (const item of wanted) {
		try {
			names[await bringOne(options, item)].push(item.name);
			pulled.push({ itemId: item.itemId, account: item.account });
		} catch (error) {
			// What an earlier pull put there is still there, and still ours to take away.
			pulled.push(...before.pulled.filter(({ account }) => account === item.account));
			failed.push({ name: item.name, reason: error instanceof Error ? error.message.replaceAll(item.secret || "\0", "…") : "unknown" });
		}
	}
	const kept = new Set(wanted.map(({ account }) => account));
	const gone = before.pulled.map(({ account }) => account).filter((account) => !kept.has(account));
	await takeAway(options, gone);
	return { report: reportOf(options, "pulled", { ...names, failed, removed: gone.map(nameOf) }), pulled };
}

function reportOf({ store, isDryRun = false }: PullOptions, outcome: PullReport["outcome"], changes: Partial<PullReport> = {}): PullReport {
	const nothing = { added: [], changed: [], removed: [], unchanged: [], failed: [] };
	return { outcome, isDryRun, store: { kind: store.kind, place: store.place }, ...nothing, ...changes };
}

async function revoked(options: PullOptions, before: PullState): Promise<PullReport> {
	if (options.whenRevoked === "keep") {
		return reportOf(options, "revoked");
	}
	const accounts = before.pulled.map(({ account }) => account);
	await takeAway(options, accounts);
	if (options.isDryRun !== true) {
		await removeDeviceKeys(options.store);
		await options.state.write({ ...before, pulled: [] });
	}
	return reportOf(options, "revoked", { removed: accounts.map(nameOf) });
}

function isRevocation(error: unknown): boolean {
	if (error instanceof VaultServerError) {
		return error.code === "unauthenticated" || error.code === "not_found";
	}
	return error instanceof VaultError && error.reason === "cannot_open";
}

/**
 * Brings the vault's keys to this computer: reads them with the device's key, opens them in memory, and writes those that
 * changed to the keychain, or to the file that stands in for it.
 * @throws {VaultError} `rolled_back`, `manifest_mismatch`, `other_vault`: nothing was changed here
 */
export async function pullVault(options: PullOptions): Promise<PullReport> {
	const before = await options.state.read();
	if (before === null) {
		throw new VaultError("cannot_open", "This device has no access to the vault; pair it on the vault page first.");
	}
	let { pin } = before;
	const pins: PinStore = {
		read: async () => pin,
		write: async (_userId, seen) => {
			pin = seen;
		},
	};
	let vault: OpenVault;
	try {
		vault = await openByDevice({ routes: openVaultRoutes(options.http), pins }, options.keys);
	} catch (error) {
		if (error instanceof VaultServerError && error.code === "unavailable") {
			return reportOf(options, "offline");
		}
		if (isRevocation(error)) {
			return revoked(options, before);
		}
		throw error;
	}
	const { report, pulled } = await bring(options, await wantedOf(vault, options.kinds ?? ["api-key"]), before);
	if (options.isDryRun !== true) {
		await options.state.write({ pin, pulled });
	}
	return report;
}
