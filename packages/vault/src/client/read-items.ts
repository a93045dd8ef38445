import type { StoredItemVersion } from "@opta/contracts/schema/vault";
import { openSecret, openSummary } from "../items/item-cipher.ts";
import type { ItemSecret, ItemSummary } from "../items/item-content.ts";
import { VaultError } from "../vault-error.ts";
import type { OpenVault } from "./open-vault.ts";

/** An item as a list shows it. */
export interface ListedItem extends ItemSummary {
	readonly itemId: string;
	readonly version: number;
	/** RFC 3339. */
	readonly savedAt: string;
}

/** What an item was. */
export interface PastVersion extends ListedItem {
	readonly secret: ItemSecret;
}

async function listed({ unlocked }: OpenVault, stored: StoredItemVersion): Promise<ListedItem> {
	const summary = await openSummary(unlocked.userKeys, unlocked.place, stored);
	return { ...summary, itemId: stored.itemId, version: stored.version, savedAt: stored.savedAt };
}

/** All items that are not removed, by name; or the removed ones. */
export async function listItems(vault: OpenVault, which: "present" | "removed" = "present"): Promise<readonly ListedItem[]> {
	const items = await Promise.all(vault.store.items.map((item) => listed(vault, item)));
	return items
		.filter(({ isDeleted }) => isDeleted === (which === "removed"))
		.toSorted((a, b) => a.name.localeCompare(b.name) || (a.itemId < b.itemId ? -1 : 1));
}

/** The newest version of an item. @throws {VaultError} `malformed` when there is no such item. */
export function newestVersion({ store }: OpenVault, itemId: string): StoredItemVersion {
	const stored = store.newest(itemId);
	if (stored === undefined) {
		throw new VaultError("malformed", "There is no such item.");
	}
	return stored;
}

/** An item as it is now. @throws {VaultError} `malformed` when there is no such item. */
export function readItem(vault: OpenVault, itemId: string): Promise<ListedItem> {
	return listed(vault, newestVersion(vault, itemId));
}

/** What an item keeps now. @throws {VaultError} `malformed` when there is no such item. */
export function readSecret(vault: OpenVault, itemId: string): Promise<ItemSecret> {
	return openSecret(vault.unlocked.userKeys, vault.unlocked.place, newestVersion(vault, itemId));
}

/** What an item was, the newest version first. */
export async function readPastVersions(vault: OpenVault, itemId: string): Promise<readonly PastVersion[]> {
	const versions: StoredItemVersion[] = [];
	let before: number | null = newestVersion(vault, itemId).version + 1;
	while (before !== null) {
		const page = await vault.routes.history(itemId, before);
		versions.push(...page.versions);
		before = page.more ? (page.versions.at(-1)?.version ?? null) : null;
	}
	const { userKeys, place } = vault.unlocked;
	return Promise.all(
		versions.map(async (stored) => ({ ...(await listed(vault, stored)), secret: await openSecret(userKeys, place, stored) })),
	);
}
