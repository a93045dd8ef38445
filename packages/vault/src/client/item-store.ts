import type { ItemVersion, Manifest, StoredItemVersion } from "@opta/contracts/schema/vault";
import { checkManifest, checkPin, createManifest, entryOf, type ManifestEntry, type VaultPin } from "../items/manifest.ts";
import type { UnlockedVault } from "../unlock/unlocked-vault.ts";
import { newestUserKey } from "../unlock/unlocked-vault.ts";
import { VaultError } from "../vault-error.ts";
import type { VaultRoutes } from "./vault-http.ts";

/** Remembers on this machine what was last seen of a vault. */
export interface PinStore {
	read(userId: string): Promise<VaultPin | null>;
	write(userId: string, pin: VaultPin): Promise<void>;
}

const mostPages = 1_000;

/** The newest versions of all items as the server has them, checked against the manifest. */
export class ItemStore {
	readonly #routes: VaultRoutes;
	readonly #pins: PinStore;
	readonly #items = new Map<string, StoredItemVersion>();
	readonly #entries = new Map<string, ManifestEntry>();
	#change = 0;
	#manifest: Manifest | null = null;

	constructor(routes: VaultRoutes, pins: PinStore) {
		this.#routes = routes;
		this.#pins = pins;
	}

	/** Newest versions, in no order. */
	get items(): readonly StoredItemVersion[] {
		return [...this.#items.values()];
	}

	/** The entries that the manifest covers. */
	get entries(): readonly ManifestEntry[] {
		return [...this.#entries.values()];
	}

	/** Counter of the next manifest. */
	get nextCounter(): number {
		return (this.#manifest?.counter ?? 0) + 1;
	}

	newest(itemId: string): StoredItemVersion | undefined {
		return this.#items.get(itemId);
	}

	/**
	 * Reads what changed and checks everything: the manifest by its key, and that the vault has not gone back in time.
	 * @throws {VaultError} `manifest_mismatch`, `rolled_back`, `other_vault`
	 * @throws {VaultServerError}
	 */
	async refresh(unlocked: UnlockedVault): Promise<void> {
		for (let page = 0; page < mostPages; page += 1) {
			const { items, change, more, manifest } = await this.#routes.itemsAfter(this.#change);
			for (const item of items) {
				this.#items.set(item.itemId, item);
				this.#entries.set(item.itemId, await entryOf(item));
			}
			if (!more) {
				this.#change = change;
				await this.#accept(unlocked, manifest);
				return;
			}
			if (change <= this.#change) {
				break;
			}
			this.#change = change;
		}
		throw new VaultError("malformed", "The server's list of items has no end. Nothing was taken from it.");
	}

	async #accept(unlocked: UnlockedVault, manifest: Manifest): Promise<void> {
		const { place } = unlocked;
		await checkManifest(newestUserKey(unlocked), place, manifest, this.entries);
		checkPin(await this.#pins.read(place.userId), place, manifest);
		await this.#pins.write(place.userId, { vaultId: place.vaultId, epoch: manifest.epoch, counter: manifest.counter });
		this.#manifest = manifest;
	}

	/** The manifest as it will be with these versions. */
	async manifestWith(unlocked: UnlockedVault, versions: readonly ItemVersion[]): Promise<Manifest> {
		const entries = new Map(this.#entries);
		for (const version of versions) {
			entries.set(version.itemId, await entryOf(version));
		}
		return createManifest(newestUserKey(unlocked), unlocked.place, this.nextCounter, [...entries.values()]);
	}
}
